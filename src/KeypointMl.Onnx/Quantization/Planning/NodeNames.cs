using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx;

/// <summary>Names nodes for people.</summary>
internal static class NodeNames
{
    /// <summary>A node's name, or that of the first value it makes where it has none.</summary>
    public static string Of(NodeProto node) => node.Name.Length > 0 ? node.Name : node.Output.FirstOrDefault(output => output.Length > 0, node.OpType);
}
