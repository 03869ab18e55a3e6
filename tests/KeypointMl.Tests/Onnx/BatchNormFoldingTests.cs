using KeypointMl.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace KeypointMl.Tests.Onnx;

[TestClass]
public sealed class BatchNormFoldingTests
{
    // 27 products of numbers below 1 in 32-bit floats, with the scale inside or outside of the sum.
    private const float Tolerance = 1e-5f;

    [TestMethod]
    public void Folded_graph_computes_the_same()
    {
        OnnxModel model = SmallModel.ConvNormRelu();
        float[] before = Run(model);

        Assert.AreEqual(1, new BatchNormFolding().Apply(model));

        CollectionAssert.AreEqual((string[])["Conv", "Relu"], model.Nodes.Select(node => node.OpType).ToArray());
        Assert.HasCount(2, model.Initializers);
        Assert.IsEmpty(OnnxChecker.Check(model));
        float[] after = Run(model);
        Assert.IsGreaterThan(0.1f, before.Max(), "the comparison must not be of zeros");
        for (int index = 0; index < before.Length; index++)
            Assert.AreEqual(before[index], after[index], Tolerance);
    }

    [TestMethod]
    public void Convolution_that_is_read_elsewhere_is_left_alone()
    {
        OnnxModel model = SmallModel.ConvNormRelu();
        model.Proto.Graph.Output.Add(new OnnxValueInfo("conv", OnnxElementType.Float, ["N", 4, 4, 4]).ToProto());
        Assert.AreEqual(0, new BatchNormFolding().Apply(model));
    }

    [TestMethod]
    public void Weight_that_is_read_elsewhere_is_left_alone()
    {
        OnnxModel model = SmallModel.ConvNormRelu();
        model.Proto.Graph.Output.Add(new OnnxValueInfo("weight", OnnxElementType.Float, [4, 3, 3, 3]).ToProto());
        Assert.AreEqual(0, new BatchNormFolding().Apply(model));
    }

    private static float[] Run(OnnxModel model)
    {
        using var session = new InferenceSession(model.ToArray());
        using var options = new RunOptions();
        using OrtValue image = OrtValue.CreateTensorValueFromMemory(SmallModel.Ramp(2 * 3 * 8 * 8), [2, 3, 8, 8]);
        using IDisposableReadOnlyCollection<OrtValue> results = session.Run(options, ["image"], [image], ["heat"]);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
