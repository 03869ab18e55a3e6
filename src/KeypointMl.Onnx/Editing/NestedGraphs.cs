using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx;

/// <summary>What the graphs inside a node (the branches of an If, the body of a Loop or Scan) mention. The passes do not change such graphs.</summary>
internal static class NestedGraphs
{
    /// <summary>Whether a node holds graphs.</summary>
    public static bool IsIn(NodeProto node) => node.Attribute.Any(attribute => attribute.G is not null || attribute.Graphs.Count > 0);

    /// <summary>
    /// Every name that the graphs inside a node read, at any depth. Names that they make themselves are among them: a value of the outer graph with that name is then taken for
    /// read, which errs on the safe side.
    /// </summary>
    public static IEnumerable<string> Reads(NodeProto node) =>
        Of(node).SelectMany(graph => graph.Node.SelectMany(inner => inner.Input.Concat(Reads(inner))).Concat(graph.Output.Select(output => output.Name)));

    /// <summary>Every name that the graphs inside a node give to something, at any depth.</summary>
    public static IEnumerable<string> Makes(NodeProto node) =>
        Of(node).SelectMany(graph => graph.Node.SelectMany(inner => inner.Output.Append(inner.Name).Concat(Makes(inner)))
            .Concat(graph.Input.Select(input => input.Name))
            .Concat(graph.Initializer.Select(tensor => tensor.Name)));

    private static IEnumerable<GraphProto> Of(NodeProto node) => node.Attribute.SelectMany(attribute => attribute.G is null ? attribute.Graphs : attribute.Graphs.Prepend(attribute.G));
}
