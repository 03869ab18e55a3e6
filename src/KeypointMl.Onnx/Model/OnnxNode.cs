using System.Collections.Immutable;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx.Model;

/// <summary>A node of a graph, as read: one use of an operator.</summary>
/// <param name="Name">Its name; may be empty.</param>
/// <param name="OpType">The operator, such as <c>Conv</c>.</param>
/// <param name="Domain">The operator's domain; empty for the ONNX standard operators.</param>
/// <param name="Inputs">Names of the values it reads; an empty name is an optional input left out.</param>
/// <param name="Outputs">Names of the values it makes.</param>
/// <param name="Attributes">
/// Its attributes by name. The values are as in <see cref="OnnxAttribute.Value"/>; null for kinds that are not read
/// here (tensors, graphs).
/// </param>
public sealed record OnnxNode(
    string Name,
    string OpType,
    string Domain,
    ImmutableArray<string> Inputs,
    ImmutableArray<string> Outputs,
    ImmutableDictionary<string, object?> Attributes)
{
    internal static OnnxNode From(NodeProto proto) => new(
        proto.Name,
        proto.OpType,
        proto.Domain,
        [.. proto.Input],
        [.. proto.Output],
        proto.Attribute.DistinctBy(attribute => attribute.Name).ToImmutableDictionary(attribute => attribute.Name, OnnxAttribute.ValueOf));
}

/// <summary>The description of a constant tensor stored in a model.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="ElementType">Its element type.</param>
/// <param name="Dimensions">Its shape; empty for a scalar.</param>
public sealed record OnnxInitializer(string Name, OnnxElementType ElementType, ImmutableArray<long> Dimensions)
{
    /// <summary>How many elements it has.</summary>
    public long Count => Dimensions.Aggregate(1L, (product, size) => product * size);
}
