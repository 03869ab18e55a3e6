namespace KeypointMl.Onnx.TorchSharp.Emitting;

/// <summary>A module cannot be exported to ONNX. The message names the module's path, what happened there, and the way out.</summary>
public sealed class OnnxExportException : Exception
{
    /// <summary>With a message for the author of the module.</summary>
    /// <param name="message">The module's path, what happened, the way out.</param>
    public OnnxExportException(string message)
        : base(message)
    {
    }
}
