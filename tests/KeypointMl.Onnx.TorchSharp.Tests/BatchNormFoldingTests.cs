using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Passes;
using KeypointMl.Onnx.TorchSharp.Exporting;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tests;

[TestClass]
public sealed class BatchNormFoldingTests
{
    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void BatchNorm_behind_a_convolution_folds_without_changing_the_result(bool fold)
    {
        manual_seed(15);
        using var module = nn.Sequential(
            ("conv", nn.Conv2d(3, 8, 3, padding: 1, groups: 1, bias: false)),
            ("norm", Randomised.BatchNorm2d(8)),
            ("up", nn.ConvTranspose2d(8, 6, 2, 2, groups: 2)),
            ("norm2", Randomised.BatchNorm2d(6)));

        OnnxModel model = Parity.Check(module, new OnnxExportOptions
        {
            Optimization = new OnnxOptimizationOptions { FoldBatchNorm = fold },
        }, Parity.Tolerance, [3, 6, 6]);

        string[] expected = fold ? ["Conv", "ConvTranspose"] : ["Conv", "BatchNormalization", "ConvTranspose", "BatchNormalization"];
        CollectionAssert.AreEqual(expected, model.Nodes.Select(node => node.OpType).ToArray());
        Assert.AreEqual(fold, model.Initializers.All(tensor => !tensor.Name.Contains("running", StringComparison.Ordinal)));
    }
}
