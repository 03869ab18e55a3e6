using System.CommandLine;
using KeypointMl.Cli.Printing;
using KeypointMl.Cli.Running;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Manifests;
using KeypointMl.Imaging.Files;
using KeypointMl.Inference.Contracts;
using KeypointMl.Inference.Detection;
using KeypointMl.Poses.Metrics;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Training.Evaluation;
using KeypointMl.Training.Runs;

namespace KeypointMl.Cli.Commands;

/// <summary><c>eval --model DETECTOR.onnx --data MANIFEST.yaml [--split test] [--json FILE|-] [--run RUN]</c></summary>
internal static class EvalCommand
{
    public static Command Create(CommandContext context)
    {
        var model = new Option<string>("--model")
        {
            Description = "An exported detector.onnx.",
            Required = true,
            HelpName = "DETECTOR.onnx",
        };
        var data = new Option<string>("--data") { Description = ManifestLookup.Help, Required = true, HelpName = "MANIFEST.yaml" }.Completing(ManifestLookup.Names);
        var split = new Option<string>("--split")
        {
            Description = "The labelled split.",
            DefaultValueFactory = _ => "test",
            HelpName = "NAME",
        };
        Option<string?> json = new Option<string?>("--json")
        {
            Description = "Write the metrics as JSON to a file; with '-' to the standard output, and nothing else.",
            HelpName = "FILE|-",
        }.ForOutput();
        var run = new Option<string?>("--run")
        {
            Description = "The run that the detector comes from: its offline η then tells left from right a second time, as "
                + "the paper's evaluation does.",
            HelpName = "RUN",
        };
        var command = new Command(
            "eval", "Measures an exported detector on labelled frames.") { model, data, split, json, run, context.DataRoot,
            context.Threads };
        command.SetAction((parsed, cancellation) =>
        {
            var request = new Request(
                parsed.GetRequiredValue(model), parsed.GetRequiredValue(data), parsed.GetRequiredValue(split), parsed.GetValue(run),
                parsed.GetValue(context.DataRoot), parsed.GetValue(context.Threads));
            OutputGuard.Require(parsed.GetValue(json) is "-" ? null : parsed.GetValue(json), request.Model, request.Data);
            KeypointMetrics metrics = Measure(request, context.Note, cancellation);
            Write(metrics, parsed.GetValue(json), context);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static KeypointMetrics Measure(Request request, Action<string> note, CancellationToken cancellation)
    {
        var contract = ModelContract.ReadFile(request.Model);
        DataManifest manifest = ManifestLookup.Load(request.Data);
        IDataset dataset = manifest.Open(new DatasetOptions
        {
            DataRoot = request.DataRoot,
            Width = contract.Width,
            Height = contract.Height,
            Cancellation = cancellation,
            Note = note,
        });
        RequireSameKeypoints(contract.Metadata.Skeleton, dataset);
        using LabelledFrames labelled = dataset.OpenLabelled(request.Split);
        using OfflineRegressor? offline = request.Run is null ? null : OpenOffline(request.Run);
        var options = new KeypointDetectorOptions { IntraOpThreads = request.Threads };
        return ExportedDetectorEvaluation.Measure(request.Model, labelled, dataset.OpenPrior(), options, offline, cancellation);
    }

    private static OfflineRegressor OpenOffline(string path)
    {
        using var run = RunFolder.Open(path);
        return OfflineRegressor.Open(run);
    }

    private static void RequireSameKeypoints(Skeleton model, IDataset dataset)
    {
        if (!model.Keypoints.SequenceEqual(dataset.Skeleton.Keypoints))
        {
            throw new InvalidDataException(
                $"The model finds the {model.Count} keypoints of skeleton '{model.Name}' ({Some(model)}); "
                + $"the data set '{dataset.Name}' has the {dataset.Skeleton.Count} of '{dataset.Skeleton.Name}' "
                + $"({Some(dataset.Skeleton)}). Evaluate it on data with its own keypoints.");
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

    private sealed record Request(string Model, string Data, string Split, string? Run, string? DataRoot, int Threads);
}
