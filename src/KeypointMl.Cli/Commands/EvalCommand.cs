using System.CommandLine;
using KeypointMl.Data;
using KeypointMl.Inference;
using KeypointMl.Poses;
using KeypointMl.Training;

namespace KeypointMl.Cli;

/// <summary><c>eval --model DETECTOR.onnx --data MANIFEST.yaml [--split test] [--json FILE|-]</c></summary>
internal static class EvalCommand
{
    public static Command Create(CommandContext context)
    {
        var model = new Option<string>("--model") { Description = "An exported detector.onnx.", Required = true, HelpName = "DETECTOR.onnx" };
        var data = new Option<string>("--data") { Description = Manifests.Help, Required = true, HelpName = "MANIFEST.yaml" };
        var split = new Option<string>("--split") { Description = "The labelled split.", DefaultValueFactory = _ => "test", HelpName = "NAME" };
        var json = new Option<string?>("--json") { Description = "Write the metrics as JSON to a file; with '-' to the standard output, and nothing else.", HelpName = "FILE|-" };
        var command = new Command("eval", "Measures an exported detector on labelled frames, through the ML.NET pipeline.") { model, data, split, json, context.DataRoot };
        command.SetAction((parsed, cancellation) =>
        {
            KeypointMetrics metrics = Measure(
                parsed.GetRequiredValue(model), parsed.GetRequiredValue(data), parsed.GetRequiredValue(split), parsed.GetValue(context.DataRoot), parsed.GetValue(context.Threads), cancellation);
            Write(metrics, parsed.GetValue(json), context);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static KeypointMetrics Measure(string model, string data, string split, string? dataRoot, int threads, CancellationToken cancellation)
    {
        var contract = ModelContract.ReadFile(model);
        DataManifest manifest = Manifests.Load(data);
        IDataset dataset = manifest.Open(new DatasetOptions { DataRoot = dataRoot, Width = contract.Width, Height = contract.Height, Cancellation = cancellation });
        RequireSameKeypoints(contract.Metadata.Skeleton, dataset);
        using LabelledFrames labelled = dataset.OpenLabelled(split);
        return ExportedDetectorEvaluation.Measure(model, labelled, dataset.OpenPrior(), new KeypointDetectionOptions { IntraOpThreads = threads, DecodeThreads = threads }, cancellation);
    }

    private static void RequireSameKeypoints(Skeleton model, IDataset dataset)
    {
        if (!model.Keypoints.SequenceEqual(dataset.Skeleton.Keypoints))
        {
            throw new InvalidDataException(
                $"The model finds the {model.Count} keypoints of skeleton '{model.Name}' ({Some(model)}); the data set '{dataset.Name}' has the {dataset.Skeleton.Count} of '{dataset.Skeleton.Name}' ({Some(dataset.Skeleton)}). Evaluate it on data with its own keypoints.");
        }
    }

    private static string Some(Skeleton skeleton) => string.Join(", ", skeleton.Keypoints.Take(4)) + (skeleton.Count > 4 ? ", …" : "");

    private static void Write(KeypointMetrics metrics, string? json, CommandContext context)
    {
        if (json == "-")
        {
            context.Out.Write(KeypointMetricsJson.ToJson(metrics));
            return;
        }
        MetricsText.Write(metrics, context.Out);
        if (json is not null)
            AtomicFile.WriteAllText(json, KeypointMetricsJson.ToJson(metrics));
    }
}
