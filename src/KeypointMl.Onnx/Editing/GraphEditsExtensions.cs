using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx;

/// <summary>Questions and edits made of those of <see cref="GraphEdits"/>.</summary>
internal static class GraphEditsExtensions
{
    /// <summary>A constant input of 32-bit floats; null if it is not one.</summary>
    public static TensorProto? FloatConstant(this GraphEdits edits, NodeProto node, int input) => edits.Constant(node, input) is { DataType: (int)OnnxElementType.Float } tensor ? tensor : null;

    /// <summary>The elements of a constant input of 64-bit integers; null if it is not one.</summary>
    public static long[]? LongConstant(this GraphEdits edits, NodeProto node, int input) =>
        edits.Constant(node, input) is { DataType: (int)OnnxElementType.Int64 } tensor ? TensorData.Longs(tensor).ToArray() : null;

    /// <summary>
    /// Removes a node whose first output is always equal to <paramref name="source"/>, in type too, and whose other outputs nothing reads. An output of the graph keeps its name: the
    /// node that makes the source then makes it, unless the source's own name must stay.
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
