using KeypointMl.Imaging.Files;
using KeypointMl.Onnx.Inspection;
using KeypointMl.Onnx.Model;

namespace KeypointMl.Inference.Contracts;

/// <summary>
/// The agreement between exporter and runtime, checked: which inputs and outputs a graph has, their element types and
/// shapes, and its metadata. A file that breaks it is refused, before a session is made, with a message that says which
/// part.
/// <list type="bullet">
/// <item><c>detector</c>: <c>image</c> uint8 [N,H,W,3] RGB → <c>keypoints</c> float32 [N,K,2] in pixels of that input,
/// <c>confidence</c> float32 [N,K];
/// optionally <c>skeleton</c> float32 [N,H,W].</item>
/// <item><c>generator</c>: <c>keypoints</c> float32 [N,K,2] and <c>appearance</c> uint8 [N,H,W,3] → <c>image</c> uint8 [N,H,W,3].</item>
/// </list>
/// H, W and K are fixed, N is dynamic, and K is the number of the skeleton's keypoints.
/// </summary>
public sealed record ModelContract
{
    /// <summary>The oldest opset of the default ONNX domain that the contract allows.</summary>
    public const int MinimumOpset = 17;

    /// <summary>The smallest H or W.</summary>
    public const int MinimumSize = 4;

    /// <summary>The largest H or W: a graph that wants more is taken for a mistake or an attack on memory.</summary>
    public const int MaximumSize = 8192;

    internal ModelContract(ModelMetadata metadata, int width, int height, bool hasSkeletonOutput)
    {
        Metadata = metadata;
        Width = width;
        Height = height;
        HasSkeletonOutput = hasSkeletonOutput;
    }

    /// <summary>What the graph says about itself.</summary>
    public ModelMetadata Metadata { get; }

    /// <summary>W, the width in pixels of every image that goes in or comes out.</summary>
    public int Width { get; }

    /// <summary>H, the height in pixels of every image that goes in or comes out.</summary>
    public int Height { get; }

    /// <summary>K, the number of keypoints.</summary>
    public int KeypointCount => Metadata.Skeleton.Count;

    /// <summary>Whether a detector also gives β's picture of the skeleton, <c>skeleton</c> float32 [N,H,W].</summary>
    public bool HasSkeletonOutput { get; }

    /// <summary>The number of bytes of one image, H·W·3.</summary>
    public int ImageBytes => Height * Width * 3;

    /// <summary>Checks an ONNX file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// The file is empty, truncated, not ONNX, or breaks the contract; the message says which part.
    /// </exception>
    public static ModelContract ReadFile(string path) => Read(ModelFile.ReadAllBytes(path), path);

    /// <summary>Checks the bytes of an ONNX file.</summary>
    /// <param name="onnx">The whole file.</param>
    /// <param name="modelName">The file's name, for messages.</param>
    /// <exception cref="InvalidDataException">
    /// The bytes are truncated, not ONNX, or break the rules of ONNX or the contract; the message says which part.
    /// </exception>
    public static ModelContract Read(ReadOnlyMemory<byte> onnx, string modelName)
    {
        ArgumentNullException.ThrowIfNull(modelName);
        OnnxModel model;
        try
        {
            model = OnnxModel.Load(onnx);
            OnnxChecker.ThrowIfInvalid(model);
        }
        catch (OnnxException e)
        {
            throw new InvalidDataException($"'{modelName}' is not a usable ONNX file: {e.Message}", e);
        }
        return ContractChecker.Check(model, modelName);
    }

    /// <summary>Checks the bytes of an ONNX file that must be of a given kind.</summary>
    /// <param name="onnx">The whole file.</param>
    /// <param name="modelName">The file's name, for messages.</param>
    /// <param name="kind">The kind expected.</param>
    /// <exception cref="InvalidDataException">
    /// The bytes are truncated, not ONNX, of the other kind, or break the contract; the message says which part.
    /// </exception>
    public static ModelContract Read(ReadOnlyMemory<byte> onnx, string modelName, ModelKind kind)
    {
        ModelContract contract = Read(onnx, modelName);
        contract.Require(kind, modelName);
        return contract;
    }

    private void Require(ModelKind kind, string modelName)
    {
        if (Metadata.Kind != kind)
        {
            throw new InvalidDataException(kind == ModelKind.Detector
                ? $"'{modelName}' is a generator; expected a detector. Give detector.onnx, or load it with ImageGenerator."
                : $"'{modelName}' is a detector; expected a generator. Give generator.onnx, or load it with KeypointDetector.");
        }
    }
}

/// <summary>Reads model files with messages that say what to do.</summary>
public static class ModelFile
{
    /// <summary>Reads a whole model file.</summary>
    /// <param name="path">A <c>detector.onnx</c> or <c>generator.onnx</c>.</param>
    /// <returns>Its bytes, not yet checked (<see cref="ModelContract"/> does that).</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no regular file, or larger than any model.</exception>
    public static byte[] ReadAllBytes(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        RegularFile.Require(path, "model");
        if (!File.Exists(path))
        {
            throw new FileNotFoundException(
                $"There is no model file '{path}' (looked at '{Path.GetFullPath(path)}'). "
                + "Give the path of an exported detector.onnx or generator.onnx.", path);
        }
        if (new FileInfo(path).Length is var length && length > OnnxLoadOptions.Default.MaxBytes)
        {
            throw new InvalidDataException(
                $"The file '{path}' has {length} bytes; a model has at most {OnnxLoadOptions.Default.MaxBytes}. "
                + "Give the path of an exported detector.onnx or generator.onnx.");
        }
        return File.ReadAllBytes(path);
    }
}
