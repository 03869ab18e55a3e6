namespace KeypointMl.Onnx.Model;

/// <summary>
/// A file is not an ONNX model that this library accepts, or a graph breaks the ONNX rules. The message says what was
/// expected, what was found and what to do.
/// </summary>
public sealed class OnnxException : Exception
{
    /// <summary>With a message for the person who chose the file or built the graph.</summary>
    /// <param name="message">What was expected, what was found, what to do.</param>
    public OnnxException(string message)
        : base(message)
    {
    }

    /// <summary>With the failure underneath.</summary>
    /// <param name="message">What was expected, what was found, what to do.</param>
    /// <param name="innerException">The failure underneath.</param>
    public OnnxException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
