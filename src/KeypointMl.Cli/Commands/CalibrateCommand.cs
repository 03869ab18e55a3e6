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

/// <summary><c>calibrate --run RUN [--labels SPLIT] [--data MANIFEST] [--frames N] [--device D]</c></summary>
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
        Option<string?> data = OtherLabels.Option();
        Option<string?> device = CommandContext.Device("by default auto");
        var command = new Command(
            "calibrate", "Makes a run's confidences probabilities of lying within 5 % of the image; export puts them into the graph.")
        {
            run, labels, data, frames, device, context.DataRoot, context.Threads,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(frames) is not null && result.GetValue(labels) is null)
                result.AddError("--frames is for labelled frames: give --labels too.");
            if (result.GetValue(data) is not null && result.GetValue(labels) is null)
                result.AddError("--data has the labelled frames: give --labels too, the split of them.");
        });
        command.SetAction((parsed, cancellation) =>
        {
            context.UseLibTorch(parsed);
            using RunFolder opened = RunFolder.Open(parsed.GetRequiredValue(run));
            var request = new Request(
                parsed.GetValue(labels), parsed.GetValue(data), parsed.GetValue(frames), parsed.GetValue(context.DataRoot),
                TrainingDevice.Open(parsed.GetValue(device) ?? "auto"));
            Run(opened, request, context, cancellation);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static void Run(RunFolder run, Request request, CommandContext context, CancellationToken cancellation)
    {
        IDataset dataset = RecipeData.Open(run.Recipe, request.DataRoot, cancellation, context.Note);
        IDataset? other = request.Labels is null
            ? null
            : OtherLabels.Open(run.Recipe, request.Data, request.DataRoot, context.Note, cancellation);
        ConfidenceCalibration calibration = request.Labels is null
            ? ConfidenceCalibrating.WithoutLabels(run, dataset, request.Device)
            : ConfidenceCalibrating.WithLabels(
                run, dataset, request.Labels, request.Frames, request.Device, other);
        cancellation.ThrowIfCancellationRequested();
        calibration.Save(run);
        context.Out.WriteLine($"{run.ConfidencePath}: calibrated {(request.Labels is null ? "without labels" : "with labels")}, on "
            + $"{calibration.Frames} {calibration.From}");
        if (ConfidenceCalibrating.MeasureAgain(run, dataset, request.Device) is { } metrics)
            MetricsText.WriteConfidence(metrics, context.Out);
        if (calibration.SawTest)
            context.Note("The confidence is not measured: the test frames are those that it was calibrated on.");
        context.Out.WriteLine($"Export it with: keypointml export --run {ShellWords.Quote(run.Path)} --out DIR");
    }

    private sealed record Request(string? Labels, string? Data, int? Frames, string? DataRoot, TrainingDevice Device);
}
