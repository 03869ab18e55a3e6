using System.CommandLine;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Manifests;
using KeypointMl.Inference.Detection;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Passes;
using KeypointMl.Onnx.Quantization;
using KeypointMl.Poses.Metrics;

namespace KeypointMl.Benchmarks;

/// <summary>
/// <c>quantization-error [--data-root DIR]</c>: what 16-bit floats and quantisation cost in keypoint error, by
/// calibration method and integer type.
/// </summary>
internal static class QuantizationErrorCommand
{
    private const int BatchSize = 64;
    private static readonly string[] Detectors = ["puppets", "flies"];

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var root = new Option<string?>("--data-root")
        {
            Description = "The folder that the data manifests' paths start from; "
                + $"else the environment variable {DataRoot.EnvironmentVariable}.",
            HelpName = "DIR",
        };
        var frames = new Option<int>("--frames")
        {
            Description = "How many training frames to calibrate on, a multiple of 8.",
            DefaultValueFactory = _ => 256,
        };
        frames.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is var count && (count < 8 || count % 8 != 0))
                result.AddError($"--frames must be a positive multiple of 8; found {count}.");
        });
        var command = new Command("quantization-error",
            "Keypoint error of the shipped detectors on their test splits, in 32- and 16-bit floats and quantised with each "
            + "calibration method.") { root, frames };
        command.SetAction(parsed => Run(parsed.GetValue(root), parsed.GetRequiredValue(frames)));
        return command;
    }

    private static void Run(string? dataRoot, int frames)
    {
        Console.WriteLine(Machine.Describe());
        Console.WriteLine();
        Console.WriteLine("| detector | precision | calibration | convolutions in int8 | error, % of image | relative to fp32 |");
        Console.WriteLine("|---|---|---|---:|---:|---:|");
        foreach (string name in Detectors)
        {
            string path = Path.Combine(AppContext.BaseDirectory, "onnx", name, "detector.onnx");
            DatasetOptions options;
            using (KeypointDetector shipped = KeypointDetector.Load(path))
                options = new DatasetOptions { DataRoot = dataRoot, Width = shipped.Width, Height = shipped.Height };
            IDataset dataset = DataManifest.Load(Path.Combine(AppContext.BaseDirectory, "data-manifests", $"{name}.yaml")).Open(options);
            using LabelledFrames test = dataset.OpenLabelled("test");
            using IFrameSet training = dataset.OpenTrainingFrames();
            CalibrationBatch[] batches = [.. CalibrationFrames.Read(training, frames)];
            var model = OnnxModel.Load(path);
            double original = Error(model, test);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | fp32 | | | {original:F3} | |"));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {name} | fp16 | | | {Row(Error(ToFloat16(model), test), original)}"));
            foreach (OnnxQuantizationOptions variant in Variants())
            {
                OnnxQuantizationResult result = OnnxQuantizer.Quantize(model, batches, variant);
                double error = Error(result.Model, test);
                string precision = variant.Activation == QuantizedActivation.UInt8 ? "int8 (U8S8)" : "int8 (S8S8)";
                QuantizedNode[] convolutions = [.. result.Report.Nodes.Where(node => node.OpType == "Conv")];
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {name} | {precision} | {variant.Calibration} | {convolutions.Count(node => node.IsQuantized)} of "
                    + $"{convolutions.Length} | {Row(error, original)}"));
            }
        }
    }

    private static string Row(
        double error, double original) =>
        string.Create(CultureInfo.InvariantCulture, $"{error:F3} | {Math.Round(((error / original) - 1) * 100, 2):+0.00;-0.00;0.00} % |");

    private static OnnxModel ToFloat16(OnnxModel model)
    {
        OnnxModel half = model.Clone();
        OnnxOptimizer.Optimize(half, new OnnxOptimizationOptions { ConvertToFloat16 = true });
        return half;
    }

    private static IEnumerable<OnnxQuantizationOptions> Variants()
    {
        foreach (CalibrationMethod method in Enum.GetValues<CalibrationMethod>())
        {
            yield return new OnnxQuantizationOptions { Calibration = method };
            yield return new OnnxQuantizationOptions { Calibration = method, SkipNarrowConvolutions = false };
        }
        yield return new OnnxQuantizationOptions { Activation = QuantizedActivation.Int8 };
    }

    private static double Error(OnnxModel model, LabelledFrames test)
    {
        using KeypointDetector detector = KeypointDetector.Load(model.ToArray(), "detector.onnx");
        var evaluator = new KeypointEvaluator(test.Skeleton, test.Protocol, detector.Width, detector.Height);
        int bytes = detector.Width * detector.Height * 3;
        var images = new byte[BatchSize * bytes];
        var keypoints = new float[BatchSize * detector.KeypointCount * 2];
        for (int first = 0; first < test.Frames.Count; first += BatchSize)
        {
            int count = Math.Min(BatchSize, test.Frames.Count - first);
            for (int index = 0; index < count; index++)
                test.Frames.Read(first + index, images.AsSpan(index * bytes, bytes));
            detector.Detect(images.AsSpan(0, count * bytes), keypoints.AsSpan(0, count * detector.KeypointCount * 2), []);
            Vector2[][] poses = [.. MemoryMarshal.Cast<float, Vector2>(keypoints).ToArray().Chunk(detector.KeypointCount)];
            for (int index = 0; index < count; index++)
                evaluator.Add(poses[index], test.Poses[first + index]);
        }
        return evaluator.Compute().ErrorPercentOfImage;
    }
}
