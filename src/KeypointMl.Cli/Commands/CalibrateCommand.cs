using System.CommandLine;
using KeypointMl.Cli.Printing;
using KeypointMl.Cli.Running;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Manifests;
using KeypointMl.Training.Batches;
using KeypointMl.Training.Calibration;
using KeypointMl.Training.Running;
using KeypointMl.Training.Runs;
using KeypointMl.Training.Tensors;

namespace KeypointMl.Cli.Commands;

/// <summary><c>calibrate --run RUN [--labels SPLIT] [--frames N] [--device D]</c></summary>
internal static class CalibrateCommand
{
    public static Command Create(CommandContext context)
    {
        var run = new Option<string>("--run") { Description = "The run's folder.", Required = true, HelpName = "RUN" };
        var labels = new Option<string?>("--labels")
        {
            Description = "Calibrate by the errors on the labelled frames of this split; "
                + "by default by what several looks at unlabelled frames differ by.",
            HelpName = "SPLIT",
        };
        Option<int?> frames = new Option<int?>("--frames")
        {
            Description = "So many frames of the split, spread evenly; by default all.",
            HelpName = "N",
        }.Within(1, int.MaxValue);
        Option<string?> device = CommandContext.Device("by default auto");
        var command = new Command(
            "calibrate", "Makes a run's confidences probabilities of lying within 5 % of the image; export puts them into the graph.")
        {
            run, labels, frames, device, context.DataRoot,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(frames) is not null && result.GetValue(labels) is null)
                result.AddError("--frames is for labelled frames: give --labels too.");
        });
        command.SetAction((parsed, cancellation) =>
        {
            context.UseThreads(parsed);
            using RunFolder opened = RunFolder.Open(parsed.GetRequiredValue(run));
            IDataset dataset = RecipeData.Open(opened.Recipe, parsed.GetValue(context.DataRoot), cancellation);
            Run(opened, dataset, parsed.GetValue(labels), parsed.GetValue(frames),
                TrainingDevice.Open(parsed.GetValue(device) ?? "auto"), context.Out, cancellation);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static void Run(
        RunFolder run, IDataset dataset, string? labels, int? frames, TrainingDevice device, TextWriter output, CancellationToken cancellation)
    {
        ConfidenceCalibration calibration = labels is null
            ? ConfidenceCalibrating.WithoutLabels(run, dataset, device)
            : ConfidenceCalibrating.WithLabels(run, dataset, labels, frames, device);
        cancellation.ThrowIfCancellationRequested();
        calibration.Save(run);
        output.WriteLine($"{run.ConfidencePath}: calibrated {(labels is null ? "without labels" : "with labels")}, on "
            + $"{calibration.Frames} {calibration.From}");
        if (ConfidenceCalibrating.MeasureAgain(run, dataset, device) is { } metrics)
            MetricsText.WriteConfidence(metrics, output);
        output.WriteLine($"Export it with: keypointml export --run {ShellWords.Quote(run.Path)} --out DIR");
    }
}
