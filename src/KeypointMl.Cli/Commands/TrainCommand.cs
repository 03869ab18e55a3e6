using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using KeypointMl.Cli.Printing;
using KeypointMl.Cli.Progress;
using KeypointMl.Cli.Running;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Manifests;
using KeypointMl.Training.Batches;
using KeypointMl.Training.Models;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Reports;
using KeypointMl.Training.Running;
using KeypointMl.Training.Runs;
using KeypointMl.Training.Tensors;

namespace KeypointMl.Cli.Commands;

/// <summary><c>train RECIPE.yaml --out RUN [--set k=v]… [--device D] [--resume [--checkpoint NAME]]</c></summary>
internal static class TrainCommand
{
    private const string Folder = "pipelines/train";

    public static Command Create(CommandContext context)
    {
        var recipe = new Argument<string>("RECIPE")
        {
            Description = $"The recipe, such as pipelines/train/puppets.yaml, or the name of one in {Folder}.",
        }.Completing(() => ShippedFiles.Names(Folder));
        var output = new Option<string>("--out")
        {
            Description = "The run's folder: new or empty, unless --resume.",
            Required = true,
            HelpName = "RUN",
        };
        var set = new Option<string[]>("--set")
        {
            Description = "Gives one of the recipe's keys another value; may stand several times.",
            HelpName = "key=value",
            DefaultValueFactory = _ => [],
        };
        var resume = new Option<bool>("--resume") { Description = "Goes on with the run in --out from its newest checkpoint." };
        var checkpoint = new Option<string?>("--checkpoint")
        {
            Description = "With --resume: the checkpoint to go on from instead of the newest, by its name in RUN/checkpoints.",
            HelpName = "NAME",
        };
        Option<string?> device = CommandContext.Device("by default what the recipe says (training.device)");
        var stopAtEnd = new Option<bool>(WorkerProcesses.StopOption) { Hidden = true };
        var command = new Command("train", "Trains a recipe into a run folder.")
        {
            recipe, output, set, resume, checkpoint, device, stopAtEnd, context.DataRoot, context.Threads,
        };
        command.Validators.Add(CheckpointNeedsResume(checkpoint, resume));
        command.SetAction((parsed, cancellation) =>
        {
            string path = parsed.GetRequiredValue(recipe);
            var request = new Request(
                ["train", path], parsed.GetRequiredValue(output), parsed.GetRequiredValue(set), parsed.GetValue(resume),
                parsed.GetValue(checkpoint), parsed.GetValue(device), parsed.GetValue(context.DataRoot), parsed.GetValue(context.Threads));
            using CancellationTokenSource? end = parsed.GetValue(stopAtEnd) ? EndOfInput.Watch(cancellation) : null;
            var loaded = Recipe.Load(ShippedFiles.FindNamed(Folder, path), request.Overrides);
            return Task.FromResult(Run(loaded, request, context, end?.Token ?? cancellation));
        });
        return command;
    }

    /// <summary>Refuses a checkpoint to go on from where nothing is to go on.</summary>
    internal static Action<CommandResult> CheckpointNeedsResume(Option<string?> checkpoint, Option<bool> resume) => result =>
    {
        if (result.GetValue(checkpoint) is not null && !result.GetValue(resume))
            result.AddError($"{checkpoint.Name} needs {resume.Name}: only a run that is there has checkpoints.");
    };

    /// <summary>Trains a recipe into the run folder of a request.</summary>
    internal static int Run(Recipe recipe, Request request, CommandContext context, CancellationToken cancellation)
    {
        if (request.Threads > 0)
            recipe = recipe with { Training = recipe.Training with { Threads = request.Threads } };
        using RunFolder? resumed = request.Resume ? Resume(request, recipe, context) : null;
        if (resumed is null)
            RunFolder.RequireEmpty(request.Output);
        CommandContext.UseLibTorch((resumed?.Recipe ?? recipe).Training.Threads);
        // Device, data and arithmetic first: if they are not right, no run folder is left behind.
        var device = TrainingDevice.Open(request.Device ?? recipe.Training.Device);
        IDataset dataset = RecipeData.Open(recipe, request.DataRoot, cancellation, context.Note);
        using TrainingData data = TrainingMethods.OpenData(recipe, dataset);
        TrainingChecks.Require(recipe, dataset, data, begins: resumed is null);
        NumericsCheck.Check(recipe, dataset.Skeleton, data, device);
        using RunFolder? created = resumed is null ? RunFolder.Create(request.Output, recipe) : null;
        RunFolder run = resumed ?? created!;
        TrainingResult result = Train(run, dataset, data, device, request, context, cancellation);
        if (!result.Finished)
        {
            context.Error.WriteLine(
                $"keypointml: Stopped after {ProgressText.Duration(result.Elapsed)} of training; "
                + $"a checkpoint is in {run.Checkpoints.Path}. Go on with: {request.ResumeLine}");
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

    private static RunFolder Resume(Request request, Recipe recipe, CommandContext context)
    {
        var run = RunFolder.Resume(request.Output, recipe, request.Checkpoint);
        int before = run.Recipe.Training.Threads;
        if (request.Threads > 0)
            run.KeepThreads(request.Threads);
        if (before > 0 && before != run.Recipe.Training.Threads)
        {
            context.Error.WriteLine(
                $"keypointml: The run was computed with {before} threads so far and goes on with {request.Threads}: its sums, and so "
                    + "its weights, are others from here on than those of an uninterrupted run.");
        }
        return run;
    }

    private static TrainingResult Train(
        RunFolder run, IDataset dataset, TrainingData data, TrainingDevice device, Request request, CommandContext context,
        CancellationToken cancellation)
    {
        using ITrainingProgress progress = TerminalProgress.For(context.Console, context.Out);
        try
        {
            return new Trainer(run, dataset, progress, device) { Data = data }.Train(cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"{e.Message} What was trained up to the last checkpoint is kept. When that is put right, go on with: "
                + $"{request.ResumeLine}", e);
        }
    }

    /// <summary>What was asked for; the verb stands with what it works on.</summary>
    internal sealed record Request(
        string[] Verb, string Output, string[] Overrides, bool Resume, string? Checkpoint, string? Device, string? DataRoot, int Threads)
    {
        /// <summary>Everything that was asked for, so that going on is going on with the same.</summary>
        public string ResumeLine => ShellWords.Join(
        [
            "keypointml", .. Verb, "--out", Output,
            .. Overrides.SelectMany(item => new[] { "--set", item }),
            .. Device is null ? Array.Empty<string>() : ["--device", Device],
            .. DataRoot is null ? Array.Empty<string>() : ["--data-root", DataRoot],
            .. Threads == 0 ? Array.Empty<string>() : ["--threads", Threads.ToString(CultureInfo.InvariantCulture)],
            "--resume",
        ]);
    }
}
