using KeypointMl.Data;
using KeypointMl.Onnx;

namespace KeypointMl.Inference;

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
            throw new FileNotFoundException($"There is no model file '{path}' (looked at '{Path.GetFullPath(path)}'). Give the path of an exported detector.onnx or generator.onnx.", path);
        if (new FileInfo(path).Length is var length && length > OnnxLoadOptions.Default.MaxBytes)
            throw new InvalidDataException($"The file '{path}' has {length} bytes; a model has at most {OnnxLoadOptions.Default.MaxBytes}. Give the path of an exported detector.onnx or generator.onnx.");
        return File.ReadAllBytes(path);
    }
}
