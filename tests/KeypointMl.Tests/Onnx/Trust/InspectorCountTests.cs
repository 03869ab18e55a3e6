using KeypointMl.Onnx.Building;
using KeypointMl.Onnx.Inspection;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Tests.Onnx.Trust;

[TestClass]
public sealed class InspectorCountTests
{
    [TestMethod]
    public void Quantised_weights_count_and_their_scales_do_not()
    {
        OnnxSummary summary = OnnxInspector.Summarize(SampleModels.All["quantised"]());

        Assert.AreEqual(3 * 2 * 9, summary.Parameters);
        Assert.AreEqual((3 * 2 * 9) + 3, summary.StoredBytes[OnnxElementType.Int8]);
        Assert.AreEqual((1 + 3) * 4, summary.StoredBytes[OnnxElementType.Float]);
        Assert.AreEqual(1, summary.StoredBytes[OnnxElementType.UInt8]);
        Assert.AreEqual(3 * 6 * 6 * 2 * 9, summary.MultiplyAdds);
        Assert.IsEmpty(summary.Uncounted);
        StringAssert.Contains(summary.ToString(), "57 bytes of Int8, 16 bytes of Float, 1 bytes of UInt8");
    }

    [TestMethod]
    public void Half_precision_and_constants_inside_nodes_count()
    {
        var graph = new OnnxGraphBuilder();
        string x = graph.AddInput("x", OnnxElementType.Float16, 1, 2);
        string weighted = graph.AddNode("weighted", "Mul", [x, graph.AddInitializer<Half>("w", [(Half)1, (Half)2], 2)]);
        string clipped = graph.AddNode("clipped", "Clip", [weighted, graph.AddInitializer<Half>("low", [(Half)0])]);
        graph.AddOutput(clipped, OnnxElementType.Float16, 1, 2);
        OnnxModel model = graph.Build();
        var constant = new NodeProto { OpType = "Constant", Name = "inside", Output = { "inside" } };
        constant.Attribute.Add(new AttributeProto
        {
            Name = "value",
            Type = AttributeProto.Types.AttributeType.Tensor,
            T = model.Proto.Graph.Initializer[0].Clone(),
        });
        model.Proto.Graph.Node.Add(constant);

        OnnxSummary summary = OnnxInspector.Summarize(model);

        Assert.AreEqual(2 + 2, summary.Parameters, "the bound of the clip is not learnt");
        Assert.AreEqual((2 + 1 + 2) * 2, summary.StoredBytes[OnnxElementType.Float16]);
    }

    [TestMethod]
    public void Recurrence_counts_every_step_direction_and_gate()
    {
        OnnxSummary summary = OnnxInspector.Summarize(SampleModels.All["recurrence"](), new Dictionary<string, long> { ["N"] = 2 });
        // LSTM: 7 steps of 2 samples in 2 directions, 4 gates of 5 from 3 inputs and 5 states. GRU: 3 gates of 4 from 3 and 4.
        Assert.AreEqual((7 * 2 * 2 * 4 * 5 * (3 + 5)) + (7 * 2 * 3 * 4 * (3 + 4)), summary.MultiplyAdds);
    }

    [TestMethod]
    [DataRow("Einsum", "nij,njk->nik", 2L * 3 * 4 * 5)]
    [DataRow("Einsum", "nij,njk->", 2L * 3 * 4 * 5)]
    [DataRow("MatMul", "", 2L * 3 * 4 * 5)]
    [DataRow("MatMulInteger", "", 2L * 3 * 4 * 5)]
    public void Product_counts_every_combination(string operation, string equation, long expected)
    {
        var node = new NodeProto { OpType = operation, Name = "product", Input = { "a", "b" }, Output = { "y" } };
        if (equation.Length > 0)
            node.Attribute.Add(OnnxAttribute.Text("equation", equation).ToProto());
        OnnxElementType type = operation == "MatMulInteger" ? OnnxElementType.UInt8 : OnnxElementType.Float;
        Assert.AreEqual(expected, OnnxInspector.Summarize(Model(17, node, type, ("a", [2, 3, 4]), ("b", [2, 4, 5]))).MultiplyAdds);
    }

    [TestMethod]
    public void Attention_counts_scores_and_weighted_values()
    {
        var node = new NodeProto { OpType = "Attention", Name = "attention", Input = { "q", "k", "v" }, Output = { "y" } };
        OnnxModel model = Model(23, node, OnnxElementType.Float, ("q", [1, 2, 3, 4]), ("k", [1, 2, 5, 4]), ("v", [1, 2, 5, 6]));
        Assert.AreEqual((2 * 3 * 5 * 4) + (2 * 3 * 5 * 6), OnnxInspector.Summarize(model).MultiplyAdds);
    }

    [TestMethod]
    public void Nested_graphs_and_functions_are_looked_into()
    {
        Assert.AreEqual(1, OnnxInspector.Summarize(SampleModels.All["branches"]()).Operators["Neg"]);
        OnnxSummary summary = OnnxInspector.Summarize(SampleModels.All["function"]());
        Assert.AreEqual(1, summary.Operators["test.Smooth"]);
        Assert.AreEqual(1, summary.Operators["LeakyRelu"]);
    }

    [TestMethod]
    public void Count_that_overflows_is_left_out_and_named()
    {
        var node = new NodeProto { OpType = "MatMul", Name = "vast", Input = { "a", "b" }, Output = { "y" } };
        OnnxSummary summary =
            OnnxInspector.Summarize(Model(17, node, OnnxElementType.Float, ("a", [1L << 40, 1L << 40]), ("b", [1L << 40, 1L << 40])));
        Assert.AreEqual(0, summary.MultiplyAdds);
        CollectionAssert.AreEqual((string[])["vast"], summary.Uncounted.ToArray());
    }

    private static OnnxModel Model(long opset, NodeProto node, OnnxElementType type, params (string Name, long[] Shape)[] inputs)
    {
        var proto = new ModelProto { IrVersion = 8, Graph = new GraphProto { Name = "one" } };
        proto.OpsetImport.Add(new OperatorSetIdProto { Version = opset });
        proto.Graph.Input.AddRange(
            inputs.Select(input =>
                new OnnxValueInfo(input.Name, type, [.. input.Shape.Select(size => new OnnxDimension(size))]).ToProto()));
        proto.Graph.Node.Add(node);
        return new OnnxModel(proto);
    }
}
