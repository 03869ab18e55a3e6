using System.Text.Json.Nodes;
using KeypointMl.Inference.Contracts;
using KeypointMl.Inference.Generation;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.TorchSharp.Exporting;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Training.Calibration;
using KeypointMl.Training.Methods;
using KeypointMl.Training.Models;
using KeypointMl.Training.Networks;
using KeypointMl.Training.Postprocessing;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Runs;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Export;

/// <summary>
/// Writes a run's averaged networks as <c>detector.onnx</c> and <c>generator.onnx</c> by the ONNX contract, traced from
/// the modules that were trained, in 32-bit floats or lower precision, and compares ONNX Runtime with TorchSharp on
/// real frames before a file gets its name.
/// </summary>
public sealed class ModelExporter : IDisposable
{
    /// <summary>Largest allowed difference of a keypoint in 32-bit floats, in pixels.</summary>
    public const double KeypointTolerance = 0.005;

    /// <summary>
    /// Largest allowed difference of a keypoint in 16-bit floats, in pixels; of a hourglass, whose points jump from cell to cell,
    /// <see cref="Int8KeypointTolerance"/> holds.
    /// </summary>
    public const double Float16KeypointTolerance = 0.1;

    /// <summary>
    /// Largest allowed mean difference of keypoints in 8-bit integers, as a share of the image's width: more than what
    /// rounding does, so that something is wrong.
    /// </summary>
    public const double Int8KeypointTolerance = 0.01;

    /// <summary>Largest allowed difference of a generated image, in grey levels.</summary>
    public const int ImageTolerance = 1;

    private const int CheckedFrames = 16;
    private readonly RunFolder run;
    private readonly Recipe recipe;
    private readonly Skeleton skeleton;
    private readonly CheckpointFile checkpoint;
    private readonly ITrainedModel model;

    private ModelExporter(RunFolder run)
    {
        this.run = run;
        recipe = run.Recipe;
        (model, skeleton, checkpoint) = TrainedModels.Open(run);
    }

    /// <summary>Opens the newest checkpoint of a run.</summary>
    /// <exception cref="InvalidDataException">The run has no checkpoint of its training yet, or it does not fit the recipe.</exception>
    public static ModelExporter Open(RunFolder run) => new(run);

    /// <summary>Writes <c>detector.onnx</c>.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="frames">Real frames to check and, for 8-bit integers, calibrate on; see <see cref="ExportFrames.Open"/>.</param>
    /// <param name="options">Precision and post-processing; default <see cref="DetectorExportOptions"/>.</param>
    /// <exception cref="InvalidOperationException">
    /// ONNX Runtime and TorchSharp differ by more than the precision's tolerance, or there are no training frames to
    /// calibrate on; nothing was written.
    /// </exception>
    /// <exception cref="FileNotFoundException">The post-processing is asked for, and the run has none.</exception>
    public ExportedModel ExportDetector(string path, ExportFrames frames, DetectorExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(frames);
        options ??= new DetectorExportOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.CalibrationFrames, 1);
        using var region = CollectionFreeRegion.Begin();
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        bool postprocess = options.Postprocess || !model.PointsAreKeypoints;
        using LinearPostprocessor? postprocessor = postprocess ? LinearPostprocessor.Of(run, skeleton) : null;
        ConfidenceCalibration? calibrated = postprocess ? null : ConfidenceCalibration.Of(run, skeleton);
        using ConfidenceCalibrator? calibrator = calibrated?.Calibrator(skeleton);
        var graph = new DetectorGraph(model.Detector, postprocessor, calibrator, recipe.Size, recipe.Size);
        byte[] images = frames.Read(CheckedFrames);
        Tensor input = ByteImages(images);
        OnnxModel exact = OnnxExporter.Export(graph, input, Options(["image"], ["keypoints", "confidence"]));
        (Tensor keypoints, Tensor confidence) = graph.call(input);
        var check = new DetectorCheck(images, [.. keypoints.contiguous().data<float>()], [.. confidence.contiguous().data<float>()])
        {
            ReadsPeaks = model.Detector is StackedHourglass,
        };
        Describe(exact, ModelKind.Detector, new ProvenanceNotes { Confidence = calibrated?.Notes() }, postprocess);
        double difference = check.Run(exact, path, ExportPrecision.Float32);
        (OnnxModel onnx, JsonObject? calibration) = options.Precision switch
        {
            ExportPrecision.Float16 => (PrecisionLowering.ToFloat16(exact), null),
            ExportPrecision.Int8 => PrecisionLowering.ToInt8(exact, frames, options.CalibrationFrames),
            _ => (exact, default(JsonObject)),
        };
        PrecisionCost? cost = null;
        if (options.Precision != ExportPrecision.Float32)
        {
            difference = check.Run(onnx, path, options.Precision);
            cost = options.Test is { } test ? PrecisionCost.Measure(exact, onnx, test) : null;
        }
        var notes = new ProvenanceNotes
        {
            Precision = options.Precision,
            Parity = new ExportDifference(difference, CheckedFrames, frames.Name, "px"),
            Calibration = calibration,
            Confidence = calibrated?.Notes(),
            Cost = cost,
        };
        Describe(onnx, ModelKind.Detector, notes, postprocess);
        return Save(onnx, path, difference, frames.Name) with { Cost = cost };
    }

    /// <summary>Writes <c>generator.onnx</c>.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="frames">Real frames to check on; see <see cref="ExportFrames.Open"/>.</param>
    /// <param name="precision"><see cref="ExportPrecision.Float32"/> or <see cref="ExportPrecision.Float16"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="precision"/> is another: 8-bit integers are for detectors.</exception>
    /// <exception cref="InvalidOperationException">
    /// ONNX Runtime and TorchSharp differ by more than <see cref="ImageTolerance"/>; nothing was written. Or the run
    /// has trained no conditional generator.
    /// </exception>
    public ExportedModel ExportGenerator(string path, ExportFrames frames, ExportPrecision precision = ExportPrecision.Float32)
    {
        ArgumentNullException.ThrowIfNull(frames);
        if (precision is not (ExportPrecision.Float32 or ExportPrecision.Float16))
        {
            throw new ArgumentOutOfRangeException(
                nameof(precision), precision, "A generator is exported in fp32 or fp16; int8 is for detectors.");
        }
        if (!recipe.TrainsGenerator || model is not TrainingNetworks networks)
        {
            throw new InvalidOperationException(
                $"The run '{run.Path}' has trained no generator of images from keypoints and appearance (method: "
                + $"{recipe.Method.Name}, ablation.condition: "
                + $"{(recipe.Ablation.Condition ? "true" : "false")}); export the detector alone (--what detector).");
        }
        using var region = CollectionFreeRegion.Begin();
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var graph = new GeneratorGraph(networks.Networks.Beta, networks.Psi, recipe.Size, recipe.Size);
        byte[] images = frames.Read(CheckedFrames);
        Tensor appearance = ByteImages(images);
        (Tensor keypoints, Tensor __) = new DetectorGraph(model.Detector, null, null, recipe.Size, recipe.Size).call(appearance);
        OnnxModel onnx = OnnxExporter.Export(graph, [keypoints, appearance], Options(["keypoints", "appearance"], ["image"]));
        if (precision == ExportPrecision.Float16)
            onnx = PrecisionLowering.ToFloat16(onnx);
        var notes = new ProvenanceNotes { Renderer = networks.Networks.Beta.Renderer };
        Describe(onnx, ModelKind.Generator, notes);
        byte[] expected = [.. graph.call(keypoints, appearance).contiguous().data<byte>()];
        var actual = new byte[expected.Length];
        float[] poses = [.. keypoints.contiguous().data<float>()];
        using (ImageGenerator generator = ImageGenerator.Load(onnx.ToArray(), path))
            generator.Generate(poses, images, actual);
        double difference = expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max();
        ExportCheck.Require(difference, ImageTolerance, "largest pixel difference", "grey levels");
        Describe(onnx, ModelKind.Generator, notes with
        {
            Precision = precision,
            Parity = new ExportDifference(difference, CheckedFrames, frames.Name, "grey levels of 255"),
        });
        return Save(onnx, path, difference, frames.Name);
    }

    /// <inheritdoc/>
    public void Dispose() => model.Dispose();

    private static OnnxExportOptions Options(string[] inputs, string[] outputs) => new()
    {
        InputNames = [.. inputs],
        OutputNames = [.. outputs],
        ProducerName = "KeypointMl",
        GraphName = outputs[0],
    };

    private Tensor ByteImages(byte[] images) =>
        tensor(images, [CheckedFrames, recipe.Size, recipe.Size, 3], ScalarType.Byte, DeviceTensors.Cpu);

    private void Describe(OnnxModel onnx, ModelKind kind, ProvenanceNotes notes, bool postprocess = false)
    {
        string provenance = Provenance.ToJson(run, checkpoint, notes, postprocess);
        foreach ((string key, string value) in new ModelMetadata(kind, skeleton, provenance).ToProperties())
            onnx.SetMetadata(key, value);
    }

    private static ExportedModel Save(OnnxModel onnx, string path, double difference, string frames)
    {
        onnx.Save(path);
        return new ExportedModel(path, difference, CheckedFrames, frames);
    }
}
