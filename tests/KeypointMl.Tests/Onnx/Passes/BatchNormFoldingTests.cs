using KeypointMl.Onnx.Building;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Passes;

namespace KeypointMl.Tests.Onnx.Passes;

[TestClass]
public sealed class BatchNormFoldingTests
{
    // Sums of up to 27 products of numbers below 4 in 32-bit floats, with the scale inside or outside of the sum.
    private const double Tolerance = 1e-4;

    [TestMethod]
    public void Folded_graph_computes_the_same()
    {
        OnnxModel model = SmallModel.ConvNormRelu();
        Assert.AreEqual(1, PassCheck.Apply(new BatchNormFolding(), model, Tolerance));
        Assert.AreEqual("Conv Relu", PassCheck.Operators(model));
        Assert.HasCount(2, model.Initializers);
    }

    [TestMethod]
    public void Bias_that_serves_another_layer_too_stays()
    {
        var builder = new OnnxGraphBuilder();
        string x = builder.AddInput("x", OnnxElementType.Float, "N", 4, 6, 6);
        string bias = Weight(builder, "bias", 4);
        string conv = builder.AddNode("conv", "Conv", [x, Weight(builder, "weight", 4, 4, 3, 3), bias]);
        string other = builder.AddNode("other", "Conv", [x, Weight(builder, "weight", 4, 4, 3, 3), bias]);
        string y = builder.AddNode("sum", "Add", [Norm(builder, conv, 4), other]);
        builder.AddOutput(y, OnnxElementType.Float, "N", 4, 4, 4);
        OnnxModel model = builder.Build();
        float[] before = PassCheck.Floats(model, bias);

        Assert.AreEqual(1, PassCheck.Apply(new BatchNormFolding(), model, Tolerance));
        CollectionAssert.AreEqual(before, PassCheck.Floats(model, bias));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public void Transposed_convolution_with_groups_is_folded(int group)
    {
        var builder = new OnnxGraphBuilder();
        string x = builder.AddInput("x", OnnxElementType.Float, "N", 4, 6, 6);
        string conv = builder.AddNode("conv", "ConvTranspose", [x, Weight(builder, "weight", 4, 6 / group, 3, 3)],
            OnnxAttribute.Int("group", group), OnnxAttribute.Ints("strides", 2, 2));
        builder.AddOutput(Norm(builder, conv, 6), OnnxElementType.Float, "N", 6, 13, 13);
        OnnxModel model = builder.Build();
        Assert.AreEqual(1, PassCheck.Apply(new BatchNormFolding(), model, Tolerance));
        Assert.AreEqual("ConvTranspose", PassCheck.Operators(model));
    }

    [TestMethod]
    [DataRow(0, true)]
    [DataRow(1, true)]
    [DataRow(1, false)]
    public void Gemm_is_folded(int transposed, bool biased)
    {
        var builder = new OnnxGraphBuilder();
        string x = builder.AddInput("x", OnnxElementType.Float, "N", 5);
        string weight = transposed == 1 ? Weight(builder, "weight", 4, 5) : Weight(builder, "weight", 5, 4);
        string linear = builder.AddNode("linear", "Gemm", biased
            ? [x, weight, Weight(builder, "bias", 4)]
            : [x, weight], OnnxAttribute.Int("transB", transposed), OnnxAttribute.Float("alpha", 0.5f));
        builder.AddOutput(Norm(builder, linear, 4), OnnxElementType.Float, "N", 4);
        OnnxModel model = builder.Build();
        Assert.AreEqual(1, PassCheck.Apply(new BatchNormFolding(), model, Tolerance));
        Assert.AreEqual("Gemm", PassCheck.Operators(model));
    }

    [TestMethod]
    public void Gemm_whose_bias_is_a_number_is_left_alone()
    {
        var builder = new OnnxGraphBuilder();
        string x = builder.AddInput("x", OnnxElementType.Float, "N", 5);
        string linear = builder.AddNode("linear", "Gemm", [x, Weight(builder, "weight", 5, 1), Weight(builder, "bias")]);
        builder.AddOutput(Norm(builder, linear, 1), OnnxElementType.Float, "N", 1);
        Assert.AreEqual(0, PassCheck.Apply(new BatchNormFolding(), builder.Build(), Tolerance));
    }

    [TestMethod]
    public void MatMul_with_Add_is_folded()
    {
        OnnxModel model = ProductAndNorm(OnnxElementType.Float, "N", 5);
        Assert.AreEqual(1, PassCheck.Apply(new BatchNormFolding(), model, Tolerance));
        Assert.AreEqual("MatMul Add", PassCheck.Operators(model));
    }

    [TestMethod]
    public void MatMul_over_a_stack_whose_channels_are_another_axis_is_left_alone()
    {
        // BatchNormalization's channels are axis 1, and the product's columns are axis 2; both have 4 elements.
        OnnxModel model = ProductAndNorm(OnnxElementType.Float, "N", 4, 5);
        Assert.AreEqual(0, PassCheck.Apply(new BatchNormFolding(), model));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public void Norm_in_front_of_a_convolution_without_padding_is_folded(int group)
    {
        OnnxModel model = NormAndConv(OnnxAttribute.Int("group", group));
        Assert.AreEqual(1, PassCheck.Apply(new BatchNormFolding(), model, Tolerance));
        Assert.AreEqual("Relu Conv", PassCheck.Operators(model));
    }

    [TestMethod]
    public void Norm_in_front_of_a_convolution_that_pads_is_left_alone()
    {
        Assert.AreEqual(0, PassCheck.Apply(new BatchNormFolding(), NormAndConv(OnnxAttribute.Ints("pads", 0, 0, 0, 1))));
        Assert.AreEqual(0, PassCheck.Apply(new BatchNormFolding(), NormAndConv(OnnxAttribute.Text("auto_pad", "SAME_UPPER"))));
    }

    [TestMethod]
    public void Convolution_that_is_read_elsewhere_is_left_alone()
    {
        OnnxModel model = SmallModel.ConvNormRelu();
        model.Proto.Graph.Output.Add(new OnnxValueInfo("conv", OnnxElementType.Float, ["N", 4, 4, 4]).ToProto());
        Assert.AreEqual(0, PassCheck.Apply(new BatchNormFolding(), model));
    }

    [TestMethod]
    public void Weight_that_is_read_elsewhere_is_left_alone()
    {
        OnnxModel model = SmallModel.ConvNormRelu();
        model.Proto.Graph.Output.Add(new OnnxValueInfo("weight", OnnxElementType.Float, [4, 3, 3, 3]).ToProto());
        Assert.AreEqual(0, PassCheck.Apply(new BatchNormFolding(), model));
    }

    [TestMethod]
    public void Weight_that_a_caller_may_feed_is_left_alone()
    {
        OnnxModel model = SmallModel.ConvNormRelu();
        model.Proto.Graph.Input.Add(new OnnxValueInfo("weight", OnnxElementType.Float, [4, 3, 3, 3]).ToProto());
        Assert.AreEqual(0, PassCheck.Apply(new BatchNormFolding(), model));
    }

    [TestMethod]
    public void Convolution_that_a_nested_graph_reads_is_left_alone()
    {
        var builder = new OnnxGraphBuilder();
        string flag = builder.AddInput("flag", OnnxElementType.Bool);
        string x = builder.AddInput("x", OnnxElementType.Float, "N", 4, 6, 6);
        string conv = builder.AddNode("conv", "Conv", [x, Weight(builder, "weight", 4, 4, 3, 3)]);
        OnnxModel model = NestedModel.Choose(builder, flag, conv, Norm(builder, conv, 4), "N", 4, 4, 4);
        Assert.AreEqual(0, PassCheck.Apply(new BatchNormFolding(), model));
    }

    private static OnnxModel ProductAndNorm(OnnxElementType type, params OnnxDimension[] shape)
    {
        var builder = new OnnxGraphBuilder();
        string x = builder.AddInput("x", type, shape);
        string product = builder.AddNode("product", "MatMul", [x, Weight(builder, "weight", 5, 4)]);
        string sum = builder.AddNode("sum", "Add", [Weight(builder, "bias", 4), product]);
        builder.AddOutput(Norm(builder, sum, 4), type, [.. shape[..^1], 4]);
        return builder.Build();
    }

    private static OnnxModel NormAndConv(OnnxAttribute attribute)
    {
        var builder = new OnnxGraphBuilder();
        string x = builder.AddInput("x", OnnxElementType.Float, "N", 4, 6, 6);
        string relu = builder.AddNode("relu", "Relu", [x]);
        long group = attribute.Name == "group" ? (long)attribute.Value : 1;
        string conv = builder.AddNode("conv", "Conv",
            [Norm(builder, relu, 4), Weight(builder, "weight", 6, 4 / group, 3, 3), Weight(builder, "bias", 6)], attribute);
        builder.AddOutput(conv, OnnxElementType.Float, "N", 6, OnnxDimension.Unknown, OnnxDimension.Unknown);
        return builder.Build();
    }

    private static string Norm(OnnxGraphBuilder builder, string x, int channels)
    {
        string variance = builder.AddInitializer<float>(
            "variance", [.. Enumerable.Range(1, channels).Select(channel => 0.3f * channel)], channels);
        return builder.AddNode("norm", "BatchNormalization",
            [x, Weight(builder, "gamma", channels), Weight(builder, "beta", channels), Weight(builder, "mean", channels), variance]);
    }

    private static string Weight(OnnxGraphBuilder builder, string name, params long[] shape) =>
        builder.AddInitializer<float>(name, SmallModel.Ramp((int)shape.Aggregate(1L, (product, size) => product * size)), shape);
}
