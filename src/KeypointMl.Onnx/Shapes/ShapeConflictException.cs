namespace KeypointMl.Onnx;

/// <summary>The shapes or attributes of a node contradict its operator. The message is the rest of a sentence that starts with the node.</summary>
internal sealed class ShapeConflictException(string message) : Exception(message);
