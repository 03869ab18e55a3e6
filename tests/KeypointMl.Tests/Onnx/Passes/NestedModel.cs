using KeypointMl.Onnx.Building;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Protobuf;
using AttributeType = KeypointMl.Onnx.Protobuf.AttributeProto.Types.AttributeType;

namespace KeypointMl.Tests.Onnx.Passes;

/// <summary>Models with graphs inside a node.</summary>
internal static class NestedModel
{
    /// <summary>
    /// Adds <c>y = If(flag) then Add(left, right) else Mul(left, right)</c>, whose branches read values of the outer
    /// graph, and declares the output.
    /// </summary>
    public static OnnxModel Choose(OnnxGraphBuilder builder, string flag, string left, string right, params OnnxDimension[] shape)
    {
        // The builder has no attributes of graphs, so that the choice stands as one of its branches at first.
        string y = builder.AddNode("choice", "Add", [left, right]);
        builder.AddOutput(y, OnnxElementType.Float, shape);
        OnnxModel model = builder.Build();
        NodeProto choice = model.Proto.Graph.Node.Single(node => node.Name == "choice");
        choice.OpType = "If";
        choice.Input.Clear();
        choice.Input.Add(flag);
        choice.Attribute.Add(new AttributeProto
        {
            Name = "then_branch",
            Type = AttributeType.Graph,
            G = Branch("Add", left, right, shape),
        });
        choice.Attribute.Add(new AttributeProto
        {
            Name = "else_branch",
            Type = AttributeType.Graph,
            G = Branch("Mul", left, right, shape),
        });
        return model;
    }

    private static GraphProto Branch(string opType, string left, string right, OnnxDimension[] shape)
    {
        string result = $"{opType}/result";
        var node = new NodeProto { OpType = opType };
        node.Input.AddRange([left, right]);
        node.Output.Add(result);
        var graph = new GraphProto { Name = opType };
        graph.Node.Add(node);
        graph.Output.Add(new OnnxValueInfo(result, OnnxElementType.Float, [.. shape]).ToProto());
        return graph;
    }
}
