using System.CommandLine;
using KeypointMl.Cli.Printing;
using KeypointMl.Cli.Running;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Manifests;
using KeypointMl.Training.Batches;
using KeypointMl.Training.Postprocessing;
using KeypointMl.Training.Recipes.Sections;
using KeypointMl.Training.Runs;
using KeypointMl.Training.Tensors;

namespace KeypointMl.Cli.Commands;

/// <summary><c>postprocess --run RUN [--split train] [--data MANIFEST] [--ridge L] [--folds 5] [--frames N] [--device D]</c></summary>
internal static class PostprocessCommand
{
    public static Command Create(CommandContext context)
    {
        var defaults = new PostprocessingRecipe();
        var run = new Option<string>("--run") { Description = "The run's folder.", Required = true, HelpName = "RUN" };
        var split = new Option<string>("--split")
        {
            Description = "The labelled frames to fit to.",
            DefaultValueFactory = _ => defaults.Split,
            HelpName = "NAME",
        };
        Option<double?> ridge = new Option<double?>("--ridge")
        {
            Description = "The ridge penalty; by default the best of several in cross-validation.",
            HelpName = "L",
        }.AtLeast(0);
        Option<int> folds = new Option<int>("--folds")
        {
            Description = "The folds of the cross-validation.",
            DefaultValueFactory = _ => defaults.Folds,
            HelpName = "N",
        }.AtLeast(2);
        Option<int?> frames = new Option<int?>("--frames")
        {
            Description = "Fit to so many frames of the split, spread evenly; by default to all.",
            HelpName = "N",
        }.AtLeast(1);
        Option<string?> data = OtherLabels.Option();
        Option<string?> device = CommandContext.Device("by default auto");
        var command = new Command("postprocess",
            "Fits a linear regressor from a run's predicted landmarks to labelled ones, the paper's supervised "
            + "post-processing. The run itself stays as it is.")
        {
            run, split, data, ridge, folds, frames, device, context.DataRoot, context.Threads,
        };
        command.SetAction((parsed, cancellation) =>
        {
            context.UseLibTorch(parsed);
            PostprocessingRecipe recipe = defaults with
            {
                Enabled = true,
                Split = parsed.GetRequiredValue(split),
                Ridge = parsed.GetValue(ridge),
                Folds = parsed.GetValue(folds),
                Frames = parsed.GetValue(frames),
            };
            return Task.FromResult(
                Run(parsed.GetRequiredValue(run), recipe, TrainingDevice.Open(parsed.GetValue(device) ?? "auto"),
                    parsed.GetValue(data), parsed.GetValue(context.DataRoot), context, cancellation));
        });
        return command;
    }

    private static int Run(
        string path,
        PostprocessingRecipe recipe,
        TrainingDevice device,
        string? data,
        string? dataRoot,
        CommandContext context,
        CancellationToken cancellation)
    {
        using var run = RunFolder.Open(path);
        // The recipe's own rules say which values are in range.
        (run.Recipe with { Postprocessing = recipe }).Validate();
        IDataset? labels = OtherLabels.Open(run.Recipe, data, dataRoot, context.Note, cancellation);
        IDataset own = RecipeData.Open(run.Recipe, dataRoot, cancellation, context.Note);
        PostprocessingResult result = RunPostprocessing.Run(run, own, recipe, device, labels);
        PostprocessingText.Write(result, context.Out);
        context.Out.WriteLine(
            $"Written to {run.PostprocessingPath}; export it with: keypointml export --run {ShellWords.Quote(path)} "
            + "--out DIR --postprocess");
        return ExitCode.Done;
    }
}
