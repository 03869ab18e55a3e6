using KeypointMl.Onnx.Building;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Passes;
using KeypointMl.Onnx.Protobuf;
using KeypointMl.Onnx.Quantization;
using KeypointMl.Onnx.Shapes;

namespace KeypointMl.Tests.Onnx.Passes;

/// <summary>
/// Nodes whose numbers do not fit behind an operator that ONNX does not have: the checker, which does not know the shape
/// there, cannot say so, and passes must leave them to the runtime.
/// </summary>
[TestClass]
public sealed class MalformedNodeTests
{
    [TestMethod]
    public void Transpositions_by_numbers_that_are_no_axes_are_left_alone()
    {
        OnnxModel model = Behind((builder, x) => Turned(builder, Turned(builder, x)), "N", 3, 8, 8);
        foreach (NodeProto node in model.Proto.Graph.Node.Where(node => node.OpType == "Transpose"))
            NodeAttributes.SetInts(node, "perm", 4, 5, 6, 7);
        Assert.AreEqual(0, new IdentityRemoval().Apply(model));
    }

    [TestMethod]
    public void Transpositions_by_numbers_that_are_no_axes_end_the_search_for_a_normalisation()
    {
        OnnxModel model = Behind(
            (builder, x) => builder.AddNode("conv", "Conv", [Turned(builder, Turned(builder, x)), Ramp(builder, "weight", 4, 3, 1, 1)]),
            "N", 4, 8, 8);
        foreach (NodeProto node in model.Proto.Graph.Node.Where(node => node.OpType == "Transpose"))
            NodeAttributes.SetInts(node, "perm", 0, 9, 1, 2);
        Assert.AreEqual(0, new InputNormalizationFolding().Apply(model));
    }

    [TestMethod]
    public void Batch_normalisation_with_fewer_shifts_than_scales_is_left_alone()
    {
        OnnxModel model = Behind((builder, x) => builder.AddNode("norm", "BatchNormalization",
            [x, .. new[] { "gamma", "beta", "mean", "variance" }.Select(name => Ramp(builder, name, 3))]), "N", 3, 8, 8);
        TensorProto beta = model.Proto.Graph.Initializer.Single(tensor => tensor.Name == "beta");
        beta.Dims[0] = 2;
        beta.RawData = Google.Protobuf.ByteString.CopyFrom(beta.RawData.Span[..8]);
        Assert.AreEqual(0, new BatchNormFolding().Apply(model));
    }

    [TestMethod]
    public void Weights_of_too_few_dimensions_are_not_quantised()
    {
        OnnxModel model = Behind(
            (builder, x) => builder.AddNode("layer", "Conv", [x, Ramp(builder, "weight", 4, 3, 1, 1)]), "N", 4, 8, 8);
        TensorProto weight = model.Proto.Graph.Initializer.Single(tensor => tensor.Name == "weight");
        weight.Dims.Clear();
        weight.Dims.Add(12);
        OnnxException error = Assert.ThrowsExactly<OnnxException>(
            () => OnnxQuantizer.Quantize(model, [CalibrationBatch.Create("x", new float[3 * 64], 1, 3, 8, 8)]));
        StringAssert.Contains(error.Message, "nothing to quantise");
    }

    private static string Turned(OnnxGraphBuilder builder, string x) =>
        builder.AddNode("turned", "Transpose", [x], OnnxAttribute.Ints("perm", 0, 1, 3, 2));

    private static string Ramp(OnnxGraphBuilder builder, string name, params long[] shape) =>
        builder.AddInitializer<float>(name, SmallModel.Ramp((int)shape.Aggregate(1L, (product, size) => product * size)), shape);

    /// <summary>x [N,3,8,8] → an operator of another tool → … → y.</summary>
    private static OnnxModel Behind(Func<OnnxGraphBuilder, string, string> add, params OnnxDimension[] shape)
    {
        var builder = new OnnxGraphBuilder();
        string x = builder.AddInput("x", OnnxElementType.Float, "N", 3, 8, 8);
        builder.AddOutput(add(builder, builder.AddNode("other", "Relu", [x])), OnnxElementType.Float, shape);
        OnnxModel model = builder.Build();
        model.Proto.Graph.Node.Single(node => node.Name == "other").OpType = "OperatorOfAnotherTool";
        return model;
    }
}
