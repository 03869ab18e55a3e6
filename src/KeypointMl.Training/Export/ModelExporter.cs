using KeypointMl.Data;
using KeypointMl.Data.Puppets;
using KeypointMl.Inference;
using KeypointMl.Onnx;
using KeypointMl.Onnx.TorchSharp;
using KeypointMl.Poses;
using static TorchSharp.torch;

namespace KeypointMl.Training;

/// <summary>
/// Writes a run's averaged networks as <c>detector.onnx</c> and <c>generator.onnx</c> by the ONNX contract, traced from the modules that were trained, and compares
/// ONNX Runtime with TorchSharp on real frames before a file gets its name.
/// </summary>
public sealed class ModelExporter : IDisposable
{
    /// <summary>Largest allowed difference of a keypoint, in pixels.</summary>
    public const double KeypointTolerance = 0.01;

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
    /// <param name="frames">Real frames to check on; see <see cref="OpenFrames"/>.</param>
    /// <param name="postprocess">Append the run's supervised post-processing (<c>postprocessing.safetensors</c>) to the graph; for imm, whose landmarks are no keypoints, it always is.</param>
    /// <exception cref="InvalidOperationException">ONNX Runtime and TorchSharp differ by more than <see cref="KeypointTolerance"/>; nothing was written.</exception>
    /// <exception cref="FileNotFoundException">The post-processing is asked for, and the run has none.</exception>
    public ExportedModel ExportDetector(string path, (IFrameSet Frames, string Name) frames, bool postprocess = false)
    {
        using var region = CollectionFreeRegion.Begin();
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        postprocess |= recipe.Method == TrainingMethod.Imm;
        using LinearPostprocessor? postprocessor = postprocess ? LinearPostprocessor.Of(run, skeleton) : null;
        var graph = new DetectorGraph(model.Detector, postprocessor, recipe.Size, recipe.Size);
        byte[] images = Frames(frames.Frames);
        Tensor input = ByteImages(images);
        OnnxModel onnx = OnnxExporter.Export(graph, input, Options(["image"], ["keypoints", "confidence"]));
        Describe(onnx, ModelKind.Detector, new Parity(0, 0, "", ""), postprocess);
        (Tensor keypoints, Tensor confidence) = graph.call(input);
        float[] expected = [.. keypoints.contiguous().data<float>()];
        var actual = new float[expected.Length];
        var actualConfidence = new float[CheckedFrames * skeleton.Count];
        using (KeypointDetector detector = KeypointDetector.Load(onnx.ToArray(), path))
            detector.Detect(images, actual, actualConfidence);
        double difference = Largest(expected, actual);
        Check(difference, KeypointTolerance, "keypoint", "px");
        Check(Largest([.. confidence.contiguous().data<float>()], actualConfidence), 1e-3, "confidence", "of 1");
        Describe(onnx, ModelKind.Detector, new Parity(difference, CheckedFrames, frames.Name, "px"), postprocess);
        return Save(onnx, path, difference, frames.Name);
    }

    /// <summary>Writes <c>generator.onnx</c>.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="frames">Real frames to check on; see <see cref="OpenFrames"/>.</param>
    /// <exception cref="InvalidOperationException">ONNX Runtime and TorchSharp differ by more than <see cref="ImageTolerance"/>; nothing was written. Or the run has trained no conditional generator.</exception>
    public ExportedModel ExportGenerator(string path, (IFrameSet Frames, string Name) frames)
    {
        if (!recipe.TrainsGenerator || model is not TrainingNetworks networks)
        {
            throw new InvalidOperationException(
                $"The run '{run.Path}' has trained no generator of images from keypoints and appearance (method: {RecipeSchema.NameOf(recipe.Method)}, ablation.condition: {(recipe.Ablation.Condition ? "true" : "false")}); export the detector alone (--what detector).");
        }
        using var region = CollectionFreeRegion.Begin();
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var graph = new GeneratorGraph(networks.Networks.Beta, networks.Psi, recipe.Size, recipe.Size);
        byte[] images = Frames(frames.Frames);
        Tensor appearance = ByteImages(images);
        (Tensor keypoints, Tensor __) = new DetectorGraph(model.Detector, null, recipe.Size, recipe.Size).call(appearance);
        OnnxModel onnx = OnnxExporter.Export(graph, [keypoints, appearance], Options(["keypoints", "appearance"], ["image"]));
        Describe(onnx, ModelKind.Generator, new Parity(0, 0, "", ""));
        byte[] expected = [.. graph.call(keypoints, appearance).contiguous().data<byte>()];
        var actual = new byte[expected.Length];
        float[] poses = [.. keypoints.contiguous().data<float>()];
        using (ImageGenerator generator = ImageGenerator.Load(onnx.ToArray(), path))
            generator.Generate(poses, images, actual);
        double difference = expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max();
        Check(difference, ImageTolerance, "pixel", "grey levels");
        Describe(onnx, ModelKind.Generator, new Parity(difference, CheckedFrames, frames.Name, "grey levels of 255"));
        return Save(onnx, path, difference, frames.Name);
    }

    /// <summary>The run's own training frames to check an export on or, where its data are not on this machine, synthetic puppets.</summary>
    public static (IFrameSet Frames, string Name) OpenFrames(RunFolder run, string? dataRoot)
    {
        Recipe recipe = run.Recipe;
        try
        {
            IDataset dataset = RecipeData.Open(recipe, dataRoot);
            return (dataset.OpenTrainingFrames(), $"training frames of {dataset.Name}");
        }
        catch (IOException)
        {
            return (new PuppetDataset(new PuppetOptions { Width = recipe.Size, Height = recipe.Size }).OpenTrainingFrames(), "synthetic puppets, since the run's own data are not on this machine");
        }
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

    private Tensor ByteImages(byte[] images) => tensor(images, [CheckedFrames, recipe.Size, recipe.Size, 3], ScalarType.Byte);

    private static byte[] Frames(IFrameSet frames) =>
        DetectorEvaluation.ReadFrames(frames, [.. Enumerable.Range(0, CheckedFrames).Select(i => (int)((long)i * frames.Count / CheckedFrames))]);

    private static double Largest(float[] expected, float[] actual) => expected.Zip(actual, (a, b) => Math.Abs((double)a - b)).Max();

    private static void Check(double difference, double tolerance, string what, string unit)
    {
        if (!(difference <= tolerance))
        {
            throw new InvalidOperationException(
                $"The exported graph differs from the trained network: the largest {what} difference is {difference:G3} {unit}, and {tolerance:G3} are allowed. Nothing was written; please report this with the recipe.");
        }
    }

    private void Describe(OnnxModel onnx, ModelKind kind, Parity parity, bool postprocess = false)
    {
        string provenance = Provenance.ToJson(run, checkpoint, parity, postprocess);
        foreach ((string key, string value) in new ModelMetadata(kind, skeleton, provenance).ToProperties())
            onnx.SetMetadata(key, value);
    }

    private static ExportedModel Save(OnnxModel onnx, string path, double difference, string frames)
    {
        onnx.Save(path);
        return new ExportedModel(path, difference, CheckedFrames, frames);
    }
}
