using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx;

/// <summary>A node to be quantised, with the rectifier that its result's range replaces.</summary>
/// <param name="Node">The node.</param>
/// <param name="Kind">What its operator does.</param>
/// <param name="Rectifier">The Relu or Clip that alone reads its result and disappears; null if there is none.</param>
internal sealed record QuantizedUnit(NodeProto Node, UnitKind Kind, NodeProto? Rectifier)
{
    /// <summary>The activations it reads.</summary>
    public IEnumerable<string> Inputs => Kind == UnitKind.OwnRange || Node.OpType == "Concat" ? Node.Input.Distinct() : Node.Input.Take(1);

    /// <summary>The activation it makes, rectified.</summary>
    public string Output => (Rectifier ?? Node).Output[0];
}
