using System.Collections.Immutable;
using System.Globalization;
using KeypointMl.Onnx.TorchSharp.Emitting;
using KeypointMl.Training.Checkpoints.Safetensors;
using KeypointMl.Training.Runs;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Postprocessing;

/// <summary>
/// The supervised post-processing of the paper's tables: all L predicted landmarks → each of K keypoints, linearly, in
/// the networks' coordinates. A keypoint's confidence is the mean of the landmarks', weighted by how much each landmark
/// counts for it.
/// </summary>
public sealed class LinearPostprocessor : Module<Tensor, Tensor, (Tensor Keypoints, Tensor Confidence)>, IOnnxExportable
{
    private const string Kind = "keypointml.postprocessing";
    private const string Version = "1";

    /// <summary>The note that says which step of the training it was fitted at.</summary>
    internal const string StepNote = "step";

    private readonly Tensor weight;      // [2K,2L]
    private readonly Tensor bias;        // [2K]
    private readonly Tensor influence;   // [K,L], rows of sum 1

    /// <param name="weight">[2K,2L] float32: x and y of each keypoint from x and y of each landmark.</param>
    /// <param name="bias">[2K] float32.</param>
    public LinearPostprocessor(Tensor weight, Tensor bias)
        : base(nameof(LinearPostprocessor))
    {
        if (!AreMapping(weight.shape, bias.shape))
        {
            throw new ArgumentException(
                $"Weights of [{string.Join(", ", weight.shape)}] and biases of [{string.Join(", ", bias.shape)}] map no "
                + "landmarks to keypoints; expected [2K, 2L] and [2K].");
        }
        this.weight = weight.detach().clone().DetachFromDisposeScope();
        this.bias = bias.detach().clone().DetachFromDisposeScope();
        using (NewDisposeScope())
        {
            Tensor sizes = this.weight.abs().reshape(Keypoints, 2, Landmarks, 2).sum([1L, 3L]);
            influence = (sizes / sizes.sum(1, keepdim: true).clamp_min(1e-12)).DetachFromDisposeScope();
        }
        register_buffer(nameof(weight), this.weight);
        register_buffer(nameof(bias), this.bias);
        register_buffer(nameof(influence), influence, persistent: false);
    }

    /// <summary>L.</summary>
    public int Landmarks => (int)weight.shape[1] / 2;

    /// <summary>K.</summary>
    public int Keypoints => (int)weight.shape[0] / 2;

    /// <summary>Landmarks [N,L,2] in [−1,1] and their confidence [N,L] → keypoints [N,K,2] and confidence [N,K].</summary>
    public override (Tensor Keypoints, Tensor Confidence) forward(Tensor landmarks, Tensor confidence)
    {
        Tensor keypoints = (matmul(landmarks.reshape(-1, 2 * Landmarks), weight.t()) + bias).reshape(-1, Keypoints, 2);
        return (keypoints, matmul(confidence, influence.t()));
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs)
    {
        string flat = context.Node("Reshape", [inputs[0], context.Constant("flat", [-1L, 2 * Landmarks])]);
        string mapped = context.Node("Gemm", [flat, context.Parameter("weight", weight), context.Parameter("bias", bias)], ("transB", 1L));
        string keypoints = context.Node("Reshape", [mapped, context.Constant("points", [-1L, Keypoints, 2])]);
        return [keypoints, context.Node("MatMul", [inputs[1], context.Parameter("influence_transposed", influence.t())])];
    }

    /// <summary>Writes it as a safetensors file, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="notes">What to say of its making.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Save(string path, IEnumerable<KeyValuePair<string, string>> notes)
    {
        var metadata = notes.Append(new(Kind, Version)).ToImmutableSortedDictionary(StringComparer.Ordinal);
        SafetensorsTensor[] tensors = [weight.ToSafetensors(nameof(weight)), bias.ToSafetensors(nameof(bias))];
        var file = new SafetensorsFile(tensors, SafetensorsChecksums.AddTo(metadata, tensors));
        Imaging.Files.AtomicFile.Write(path, file.Write);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public static LinearPostprocessor Load(string path)
    {
        SafetensorsFile file = Read(path);
        (SafetensorsTensor ofLandmarks, SafetensorsTensor ofNone) = (file[nameof(weight)], file[nameof(bias)]);
        if (!AreMapping(ofLandmarks.Shape, ofNone.Shape) || (ofLandmarks.Type, ofNone.Type) != (SafetensorsType.F32, SafetensorsType.F32))
        {
            throw new InvalidDataException(
                $"'{path}' is damaged: its weights are {ofLandmarks.Type} [{string.Join(", ", ofLandmarks.Shape)}] "
                + $"and its biases {ofNone.Type} [{string.Join(", ", ofNone.Shape)}]; "
                + "expected F32 [2K, 2L] and [2K]. Fit it again: keypointml postprocess.");
        }
        using Tensor weights = ofLandmarks.ToTensor();
        using Tensor biases = ofNone.ToTensor();
        return new LinearPostprocessor(weights, biases);
    }

    /// <summary>The notes that <see cref="Save"/> wrote.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public static ImmutableSortedDictionary<string, string> ReadNotes(string path) =>
        SafetensorsChecksums.RemoveFrom(Read(path).Metadata).Remove(Kind);

    /// <summary>That of a run.</summary>
    /// <exception cref="FileNotFoundException">The run has none.</exception>
    internal static LinearPostprocessor Of(RunFolder run, Poses.Skeletons.Skeleton skeleton)
    {
        if (!File.Exists(run.PostprocessingPath))
        {
            throw new FileNotFoundException(
                $"The run '{run.Path}' has no supervised post-processing ({Path.GetFileName(run.PostprocessingPath)}). Fit it with: "
                + $"keypointml postprocess --run {Data.Manifests.ShellWords.Quote(run.Path)}", run.PostprocessingPath);
        }
        RequireStep(run);
        LinearPostprocessor postprocessor = Load(run.PostprocessingPath);
        if (postprocessor.Keypoints == skeleton.Count)
            return postprocessor;
        using (postprocessor)
            throw new InvalidDataException(
                $"'{run.PostprocessingPath}' gives {postprocessor.Keypoints} keypoints, and the run has {skeleton.Count}. Fit it again: "
                + $"keypointml postprocess --run {Data.Manifests.ShellWords.Quote(run.Path)}");
    }

    private static void RequireStep(RunFolder run)
    {
        string? note = ReadNotes(run.PostprocessingPath).GetValueOrDefault(StepNote);
        try
        {
            run.RequireStep(note is null ? null : long.Parse(note, CultureInfo.InvariantCulture));
        }
        catch (Exception exception) when (exception is InvalidDataException or FormatException or OverflowException)
        {
            throw new InvalidDataException(
                $"'{run.PostprocessingPath}' is not for the networks that the run has now: {exception.Message} Fit it again: "
                + $"keypointml postprocess --run {Data.Manifests.ShellWords.Quote(run.Path)}", exception);
        }
    }

    private static bool AreMapping(IReadOnlyList<long> weight, IReadOnlyList<long> bias) =>
        weight is [> 0 and var outputs, > 0 and var inputs] && outputs % 2 == 0 && inputs % 2 == 0
        && bias is [var biases] && biases == outputs;

    private static SafetensorsFile Read(string path)
    {
        SafetensorsFile file = SafetensorsFile.Read(path);
        if (SafetensorsChecksums.AreIn(file))
            SafetensorsChecksums.Verify(file, path);
        if (file.Metadata.GetValueOrDefault(Kind) != Version || !file.Contains(nameof(weight)) || !file.Contains(nameof(bias)))
        {
            throw new InvalidDataException(
                $"'{path}' is no post-processing that this version reads ({Kind} is "
                + $"'{file.Metadata.GetValueOrDefault(Kind, "missing")}', expected '{Version}'). Fit it again: keypointml postprocess.");
        }
        return file;
    }
}

/// <summary>A detector followed by a <see cref="LinearPostprocessor"/>. Owns neither.</summary>
internal sealed class PostprocessedDetector(
    Module<Tensor, (Tensor Keypoints, Tensor Confidence)> detector, LinearPostprocessor postprocessor)
    : Module<Tensor, (Tensor Keypoints, Tensor Confidence)>(nameof(PostprocessedDetector))
{
    /// <summary>Image [N,3,H,W] in [−1,1] → keypoints [N,K,2] in [−1,1] and confidence [N,K].</summary>
    public override (Tensor Keypoints, Tensor Confidence) forward(Tensor image)
    {
        (Tensor landmarks, Tensor confidence) = detector.call(image);
        return postprocessor.call(landmarks, confidence);
    }
}
