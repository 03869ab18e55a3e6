using KeypointMl.Onnx.Building;
using KeypointMl.Onnx.Inspection;
using KeypointMl.Onnx.Model;

namespace KeypointMl.Tests.Onnx;

[TestClass]
public sealed class OnnxInspectorTests
{
    [TestMethod]
    public void Summary_counts_operators_parameters_and_multiply_adds()
    {
        OnnxSummary summary = OnnxInspector.Summarize(SmallModel.ConvNormRelu());

        Assert.AreEqual(3, summary.NodeCount);
        Assert.AreEqual(1, summary.Operators["Conv"]);
        Assert.AreEqual((4 * 3 * 3 * 3) + (4 * 4), summary.Parameters);
        Assert.AreEqual(4 * 4 * 4 * 3 * 3 * 3, summary.MultiplyAdds);
        Assert.IsEmpty(summary.Problems);
        StringAssert.Contains(summary.ToString(), "image: Float [N,3,8,8]");
        StringAssert.Contains(summary.ToString(), "test.purpose = to be read back");
    }

    [TestMethod]
    public void Open_sizes_can_be_given()
    {
        OnnxSummary summary = OnnxInspector.Summarize(SmallModel.ConvNormRelu(), new Dictionary<string, long> { ["N"] = 5 });
        Assert.AreEqual(5 * 4 * 4 * 4 * 3 * 3 * 3, summary.MultiplyAdds);
    }

    [TestMethod]
    public void Shapes_are_followed_through_a_network()
    {
        var builder = new OnnxGraphBuilder();
        string x = builder.AddInput("x", OnnxElementType.Float, "N", 4, 6, 6);
        string pooled = builder.AddNode(
            "pool", "MaxPool", [x], OnnxAttribute.Ints("kernel_shape", 2, 2), OnnxAttribute.Ints("strides", 2, 2));
        string up = builder.AddNode("up", "Resize", [pooled, "", builder.AddConstant<float>("scales", [1, 1, 2, 2], 4)],
            OnnxAttribute.Text("mode", "nearest"));
        string joined = builder.AddNode("join", "Concat", [x, up], OnnxAttribute.Int("axis", 1));
        string wide = builder.AddNode("deconv", "ConvTranspose",
            [joined, builder.AddInitializer<float>("wd", new float[8 * 2 * 2 * 2], 8, 2, 2, 2)], OnnxAttribute.Ints("strides", 2, 2));
        string moved = builder.AddNode("move", "Transpose", [wide], OnnxAttribute.Ints("perm", 0, 2, 3, 1));
        string flat = builder.AddNode("flat", "Reshape", [moved, builder.AddConstant<long>("shape", [0, -1], 2)]);
        string y = builder.AddNode("linear", "Gemm", [flat, builder.AddInitializer<float>("wl", new float[3 * 288], 3, 288)],
            OnnxAttribute.Int("transB", 1));
        string unsqueezed = builder.AddNode("lift", "Unsqueeze", [y, builder.AddConstant<long>("axes", [1], 1)]);
        string z = builder.AddNode("product", "MatMul", [unsqueezed, builder.AddInitializer<float>("wm", new float[3 * 7], 3, 7)]);
        builder.AddOutput(z, OnnxElementType.Float, "N", 1, 7);

        OnnxSummary summary = OnnxInspector.Summarize(builder.Build());

        // ConvTranspose: 8·6·6 inputs, each spread over 2·2·2; Gemm: 3 sums of 288; MatMul: 7 sums of 3.
        Assert.AreEqual((8 * 6 * 6 * 2 * 2 * 2) + (3 * 288) + (7 * 3), summary.MultiplyAdds);
        Assert.IsEmpty(summary.Uncounted);
    }

    [TestMethod]
    public void Layer_of_unknown_shape_is_named()
    {
        OnnxModel model = SmallModel.ConvNormRelu();
        model.Proto.Graph.Input[0].Type.TensorType.Shape = null;
        OnnxSummary summary = OnnxInspector.Summarize(model);
        CollectionAssert.AreEqual((string[])["conv"], summary.Uncounted.ToArray());
        StringAssert.Contains(summary.ToString(), "not counted: conv");
    }
}
