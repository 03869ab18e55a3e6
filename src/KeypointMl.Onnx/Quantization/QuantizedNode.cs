namespace KeypointMl.Onnx;

/// <summary>What became of a node.</summary>
/// <param name="Name">The node's name, or that of its first output where it has none.</param>
/// <param name="OpType">Its operator.</param>
/// <param name="IsQuantized">Whether it now reads and makes 8-bit integers.</param>
/// <param name="Reason">Why it was, or why it was not.</param>
/// <param name="Sensitivity">The error of the limited output when this node alone is quantised; null where that was not measured.</param>
public sealed record QuantizedNode(string Name, string OpType, bool IsQuantized, string Reason, double? Sensitivity = null);
