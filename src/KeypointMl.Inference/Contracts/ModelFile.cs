namespace KeypointMl.Inference;

/// <summary>Reads model files with messages that say what to do.</summary>
internal static class ModelFile
{
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static byte[] ReadAllBytes(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no model file '{path}' (looked at '{Path.GetFullPath(path)}'). Give the path of an exported detector.onnx or generator.onnx.", path);
        return File.ReadAllBytes(path);
    }
}
