using KeypointMl.Onnx;
using KeypointMl.Onnx.TorchSharp;
using TorchSharp;
using static TorchSharp.torch;

namespace KeypointMl.Training.Tests.Onnx;

[TestClass]
public sealed class ConvolutionConverterTests
{
    [TestMethod]
    [DataRow(PaddingModes.Zeros)]
    [DataRow(PaddingModes.Reflect)]
    [DataRow(PaddingModes.Replicate)]
    [DataRow(PaddingModes.Circular)]
    public void Conv2d_of_every_padding_mode_agrees(PaddingModes mode)
    {
        manual_seed(10);
        using var module = nn.Conv2d(4, 6, (3, 5), (2, 1), (1, 2), (1, 1), padding_mode: mode, groups: 2);
        Parity.Check(module, [4, 9, 11]);
        Parity.Check(module, new OnnxExportOptions { Opset = 19 }, Parity.Tolerance, [4, 8, 7]);
    }

    [TestMethod]
    [DataRow(PaddingModes.Zeros)]
    [DataRow(PaddingModes.Reflect)]
    public void Conv2d_with_padding_same_agrees(PaddingModes mode)
    {
        manual_seed(11);
        using var module = nn.Conv2d(2, 3, (4L, 3L), Padding.Same, dilation: (1L, 2L), padding_mode: mode);
        Parity.Check(module, [2, 9, 11]);
    }

    [TestMethod]
    public void Convolutions_of_random_options_agree()
    {
        var random = new Random(12);
        manual_seed(12);
        for (int trial = 0; trial < 10; trial++)
        {
            long groups = random.Next(1, 3);
            long stride = random.Next(1, 3);
            long padding = random.Next(0, 3);
            long dilation = random.Next(1, 3);
            long kernel = random.Next(1, 4);
            bool bias = random.Next(2) == 0;
            using var line = nn.Conv1d(2 * groups, 3 * groups, kernel, stride, padding, dilation, groups: groups, bias: bias);
            Parity.Check(line, [2 * groups, random.Next(8, 14)]);
            using var plane = nn.Conv2d(2 * groups, 3 * groups, kernel, stride, padding, dilation, groups: groups, bias: bias);
            Parity.Check(plane, [2 * groups, random.Next(8, 14), random.Next(8, 14)]);
            using var volume = nn.Conv3d(groups, groups, kernel, stride, padding, dilation, groups: groups, bias: bias);
            Parity.Check(volume, [groups, random.Next(7, 9), random.Next(7, 9), random.Next(7, 9)]);
        }
    }

    [TestMethod]
    public void Transposed_convolutions_of_random_options_agree()
    {
        var random = new Random(13);
        manual_seed(13);
        for (int trial = 0; trial < 10; trial++)
        {
            long groups = random.Next(1, 3);
            long stride = random.Next(1, 4);
            long dilation = random.Next(1, 3);
            long kernel = random.Next(2, 4);
            long padding = random.Next(0, 2);
            long outputPadding = random.Next(0, (int)Math.Max(stride, dilation));
            using var plane = nn.ConvTranspose2d(2 * groups, 3 * groups, kernel, stride, padding, outputPadding, dilation, groups: groups, bias: random.Next(2) == 0);
            Parity.Check(plane, [2 * groups, random.Next(4, 7), random.Next(4, 7)]);
            using var line = nn.ConvTranspose1d(2 * groups, groups, kernel, stride, padding, outputPadding, dilation, groups: groups);
            Parity.Check(line, [2 * groups, random.Next(4, 7)]);
        }
    }

    [TestMethod]
    public void ConvTranspose3d_agrees()
    {
        manual_seed(14);
        using var module = nn.ConvTranspose3d(2, 3, 3, 2, 1, 1);
        Parity.Check(module, [2, 3, 4, 5]);
    }

    [TestMethod]
    public void Convolution_without_a_batch_is_refused_by_name()
    {
        using var module = nn.Sequential(("conv", nn.Conv2d(2, 3, 3)));
        OnnxExportException error = Assert.ThrowsExactly<OnnxExportException>(
            () => OnnxExporter.Export(module, randn(2, 8, 8), new OnnxExportOptions { BatchAxis = null }));
        StringAssert.Contains(error.Message, "'conv'");
        StringAssert.Contains(error.Message, "Give a batch of one");
    }

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

        OnnxModel model = Parity.Check(module, new OnnxExportOptions { FoldBatchNorm = fold }, Parity.Tolerance, [3, 6, 6]);

        string[] expected = fold ? ["Conv", "ConvTranspose"] : ["Conv", "BatchNormalization", "ConvTranspose", "BatchNormalization"];
        CollectionAssert.AreEqual(expected, model.Nodes.Select(node => node.OpType).ToArray());
        Assert.AreEqual(fold, model.Initializers.All(tensor => !tensor.Name.Contains("running", StringComparison.Ordinal)));
    }
}
