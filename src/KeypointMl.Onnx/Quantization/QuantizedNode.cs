namespace KeypointMl.Onnx;

/// <summary>What became of a node.</summary>
/// <param name="Name">The node's name, or that of its first output where it has none.</param>
/// <param name="OpType">Its operator.</param>
/// <param name="IsQuantized">Whether it now reads and makes 8-bit integers, or was replaced by the range of one that does.</param>
/// <param name="Reason">How it runs, or why it stays in 32-bit floats.</param>
/// <param name="Sensitivity">The error of the limited output when this node alone is quantised; null where that was not measured.</param>
public sealed record QuantizedNode(string Name, string OpType, bool IsQuantized, string Reason, double? Sensitivity = null);
