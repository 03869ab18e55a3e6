using System.CommandLine;
using KeypointMl.Data;
using KeypointMl.Training;

namespace KeypointMl.Cli;

/// <summary><c>train RECIPE.yaml --out RUN [--set k=v]… [--device D] [--resume]</c></summary>
internal static class TrainCommand
{
    public static Command Create(CommandContext context)
    {
        var recipe = new Argument<string>("RECIPE") { Description = "The recipe, such as pipelines/train/puppets.yaml." };
        var output = new Option<string>("--out") { Description = "The run's folder: new or empty, unless --resume.", Required = true, HelpName = "RUN" };
        var set = new Option<string[]>("--set") { Description = "Gives one of the recipe's keys another value; may stand several times.", HelpName = "key=value", DefaultValueFactory = _ => [] };
        var resume = new Option<bool>("--resume") { Description = "Goes on with the run in --out from its newest checkpoint." };
        Option<string?> device = CommandContext.Device("by default what the recipe says (training.device)");
        var command = new Command("train", "Trains a recipe into a run folder.") { recipe, output, set, resume, device, context.DataRoot };
        command.SetAction((parsed, cancellation) =>
        {
            context.UseThreads(parsed);
            string path = parsed.GetRequiredValue(recipe);
            var request = new Request($"train {path}", parsed.GetRequiredValue(output), parsed.GetRequiredValue(set), parsed.GetValue(resume), parsed.GetValue(device), parsed.GetValue(context.DataRoot));
            return Task.FromResult(Run(Recipe.Load(ShippedFiles.Find(path), request.Overrides), request, context, cancellation));
        });
        return command;
    }

    /// <summary>Trains a recipe into the run folder of a request.</summary>
    internal static int Run(Recipe recipe, Request request, CommandContext context, CancellationToken cancellation)
    {
        // Device, data and arithmetic first: if they are not right, no run folder is left behind.
        var device = TrainingDevice.Open(request.Device ?? recipe.Training.Device);
        IDataset dataset = RecipeData.Open(recipe, request.DataRoot, cancellation);
        NumericsCheck.Run(recipe, dataset, device);
        using RunFolder run = request.Resume ? RunFolder.Resume(request.Output, recipe) : RunFolder.Create(request.Output, recipe);
        TrainingResult result;
        using (ITrainingProgress progress = TerminalProgress.For(context.Console, context.Out))
            result = new Trainer(run, dataset, progress, device).Train(cancellation);
        if (!result.Finished)
        {
            context.Error.WriteLine($"keypointml: Stopped after {ProgressText.Duration(result.Elapsed)} of training; a checkpoint is in {run.Checkpoints.Path}. Go on with: {request.ResumeLine}");
            return ExitCode.Failed;
        }
        if (result.Metrics is { } metrics)
            MetricsText.Write(metrics, context.Out);
        if (result.Postprocessed is { } postprocessed)
            PostprocessingText.Write(postprocessed, context.Out);
        ReportWriter.Write(RunReport.Collect(run), run.ReportPath);
        context.Out.WriteLine($"Trained in {ProgressText.Duration(result.Elapsed)}. Report: {run.ReportPath}");
        return ExitCode.Done;
    }

    /// <summary>What was asked for; the verb stands with what it works on, for the line that resumes.</summary>
    internal sealed record Request(string Verb, string Output, string[] Overrides, bool Resume, string? Device, string? DataRoot)
    {
        public string ResumeLine =>
            $"keypointml {Verb} --out {Output}{string.Concat(Overrides.Select(item => $" --set {item}"))}{(Device is null ? "" : $" --device {Device}")}{(DataRoot is null ? "" : $" --data-root {DataRoot}")} --resume";
    }
}
