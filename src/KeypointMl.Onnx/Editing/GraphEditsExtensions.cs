using KeypointMl.Onnx.Evaluation;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx.Editing;

/// <summary>Questions and edits made of those of <see cref="GraphEdits"/>.</summary>
internal static class GraphEditsExtensions
{
    /// <summary>A constant input of 32-bit floats; null if it is not one.</summary>
    public static TensorProto? FloatConstant(this GraphEdits edits, NodeProto node, int input) =>
        edits.Constant(node, input) is { DataType: (int)OnnxElementType.Float } tensor ? tensor : null;

    /// <summary>The elements of a constant input of 64-bit integers; null if it is not one.</summary>
    public static long[]? LongConstant(this GraphEdits edits, NodeProto node, int input) =>
        edits.Constant(node, input) is { DataType: (int)OnnxElementType.Int64 } tensor ? TensorData.Longs(tensor).ToArray() : null;

    /// <summary>
    /// Removes a node whose first output is always equal to <paramref name="source"/>, in type too, and whose other
    /// outputs nothing reads. An output of the graph keeps its name: the node that makes the source then makes it,
    /// unless the source's own name must stay.
    /// </summary>
    /// <returns>Whether the node could be removed.</returns>
    public static bool TryBypass(this GraphEdits edits, NodeProto node, string source)
    {
        string result = node.Output[0];
        if (edits.IsFree(result))
        {
            edits.Redirect(result, source);
            edits.Remove(node);
            return true;
        }
        if (edits.Maker(source) is not { } maker || !edits.IsFree(source))
            return false;
        edits.Remove(node);
        edits.Redirect(source, result);
        edits.RenameOutput(maker, maker.Output.IndexOf(source), result);
        return true;
    }
}

/// <summary>
/// What the graphs inside a node (the branches of an If, the body of a Loop or Scan) mention. The passes do not change
/// such graphs.
/// </summary>
internal static class NestedGraphs
{
    /// <summary>Whether a node holds graphs.</summary>
    public static bool IsIn(NodeProto node) => node.Attribute.Any(attribute => attribute.G is not null || attribute.Graphs.Count > 0);

    /// <summary>
    /// Every name that the graphs inside a node read, at any depth. Names that they make themselves are among them: a
    /// value of the outer graph with that name is then taken for read, which errs on the safe side.
    /// </summary>
    public static IEnumerable<string> Reads(NodeProto node) =>
        Of(node).SelectMany(
            graph => graph.Node.SelectMany(inner => inner.Input.Concat(Reads(inner))).Concat(graph.Output.Select(output => output.Name)));

    /// <summary>Every name that the graphs inside a node give to something, at any depth.</summary>
    public static IEnumerable<string> Makes(NodeProto node) =>
        Of(node).SelectMany(graph => graph.Node.SelectMany(inner => inner.Output.Append(inner.Name).Concat(Makes(inner)))
            .Concat(graph.Input.Select(input => input.Name))
            .Concat(graph.Initializer.Select(tensor => tensor.Name)));

    private static IEnumerable<GraphProto> Of(NodeProto node) =>
        node.Attribute.SelectMany(attribute => attribute.G is null ? attribute.Graphs : attribute.Graphs.Prepend(attribute.G));
}
