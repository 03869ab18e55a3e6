using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.TorchSharp.Exporting;
using KeypointMl.Onnx.TorchSharp.Ops;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tests;

/// <summary>Attention of queries that a mask lets attend to nothing.</summary>
[TestClass]
public sealed class ForbiddenQueryTests
{
    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Query_that_may_attend_to_nothing_gives_0_as_in_libtorch(bool isBool)
    {
        manual_seed(130);
        Tensor allowed = rand(3, 5).gt(0.4);
        allowed[1] = zeros(5, ScalarType.Bool);
        allowed[0, 0] = true;
        allowed[2, 0] = true;
        Tensor mask = isBool ? allowed : zeros(3, 5).masked_fill(allowed.logical_not(), double.NegativeInfinity);
        using var module = new ScaledDotProductAttention("attention");
        Tensor[] inputs = [randn(2, 3, 4), randn(2, 5, 4), randn(2, 5, 6), mask];
        OnnxModel model = OnnxExporter.Export(module, inputs, new OnnxExportOptions { BatchAxis = null });
        Assert.AreEqual(0f, module.call(inputs[0], inputs[1], inputs[2], inputs[3])[0, 1].abs().max().item<float>());
        Parity.Compare(module, model, inputs);
    }
}
