using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx.Shapes;

/// <summary>Reads and sets attributes of a node, with the defaults of the specification.</summary>
internal static class NodeAttributes
{
    public static long Int(NodeProto node, string name, long fallback) => Find(node, name)?.I ?? fallback;

    public static long[]? Ints(NodeProto node, string name) => Find(node, name) is { } attribute ? [.. attribute.Ints] : null;

    public static float[]? Floats(NodeProto node, string name) => Find(node, name) is { } attribute ? [.. attribute.Floats] : null;

    public static string Text(NodeProto node, string name, string fallback) => Find(node, name)?.S.ToStringUtf8() ?? fallback;

    public static float Float(NodeProto node, string name, float fallback) => Find(node, name)?.F ?? fallback;

    public static TensorProto? Tensor(NodeProto node, string name) => Find(node, name)?.T;

    /// <summary>
    /// The order of dimensions that a node states; null where it states none, or numbers that are no order, which the
    /// checker finds only where it knows the input's shape.
    /// </summary>
    public static long[]? Permutation(NodeProto node) =>
        Ints(node, "perm") is { } perm && perm.Order().SequenceEqual(Enumerable.Range(0, perm.Length).Select(axis => (long)axis))
            ? perm
            : null;

    public static void SetInts(NodeProto node, string name, params ReadOnlySpan<long> values)
    {
        if (Find(node, name) is { } attribute)
            node.Attribute.Remove(attribute);
        node.Attribute.Add(OnnxAttribute.Ints(name, values).ToProto());
    }

    public static AttributeProto? Find(NodeProto node, string name) => node.Attribute.FirstOrDefault(attribute => attribute.Name == name);
}
