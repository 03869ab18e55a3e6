using System.Collections.Immutable;
using KeypointMl.Onnx.Building;
using KeypointMl.Onnx.Inspection;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Passes;

namespace KeypointMl.Tests.Onnx.Passes;

/// <summary>Operators that runtimes have in the standard domain and ONNX does not.</summary>
[TestClass]
public sealed class UnknownOperatorTests
{
    [TestMethod]
    public void Operator_that_ONNX_does_not_have_is_reported_and_left_as_it_is_by_passes()
    {
        OnnxModel model = Normalized();
        Assert.Contains("ONNX has no operator of that name", OnnxChecker.Check(model).Single());
        ImmutableSortedDictionary<string, double[]> before = GraphRun.Outputs(model);

        OnnxOptimizer.Optimize(model, new OnnxOptimizationOptions { ConvertToFloat16 = true });

        // What it makes is of no known type, so that the layer behind it stays as well.
        Assert.AreEqual("Cast Conv Cast SimplifiedLayerNormalization Conv", PassCheck.Operators(model));
        PassCheck.AssertSame(before, GraphRun.Outputs(model), tolerance: 0.02);
    }

    [TestMethod]
    public void Operator_of_a_later_opset_is_refused_by_passes()
    {
        OnnxModel model = Normalized();
        model.Proto.Graph.Node.Single(node => node.Name == "norm").OpType = "RMSNormalization";
        OnnxException error = Assert.ThrowsExactly<OnnxException>(() => OnnxOptimizer.Optimize(model));
        Assert.Contains("exists from opset 23 on", error.Message);
    }

    /// <summary>x [N,3,4,4] → Conv → SimplifiedLayerNormalization → Conv → y; the last Identity is for the passes.</summary>
    private static OnnxModel Normalized()
    {
        var builder = new OnnxGraphBuilder();
        string x = builder.AddInput("x", OnnxElementType.Float, "N", 3, 4, 4);
        string norm = builder.AddNode("norm", "Mul", [Conv(builder, x), builder.AddConstant<float>("scale", [1, 2, 3, 4], 4)]);
        string y = Conv(builder, builder.AddNode("same", "Identity", [norm]));
        builder.AddOutput(y, OnnxElementType.Float, "N", 3, 4, 4);
        OnnxModel model = builder.Build();
        model.Proto.Graph.Node.Single(node => node.Name == "norm").OpType = "SimplifiedLayerNormalization";
        return model;
    }

    private static string Conv(OnnxGraphBuilder builder, string x) =>
        builder.AddNode("conv", "Conv", [x, builder.AddInitializer<float>("weight", SmallModel.Ramp(9), 3, 3, 1, 1)]);
}
