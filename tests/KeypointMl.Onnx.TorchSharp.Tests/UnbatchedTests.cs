using KeypointMl.Onnx.TorchSharp.Emitting;
using KeypointMl.Onnx.TorchSharp.Exporting;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tests;

/// <summary>Layers given one item without a batch, whose dimensions ONNX would take for others.</summary>
[TestClass]
public sealed class UnbatchedTests
{
    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Instance_normalization_without_a_batch_is_refused_although_there_are_as_many_rows_as_channels(bool tracked)
    {
        using var module = nn.InstanceNorm2d(4, track_running_stats: tracked);
        StringAssert.Contains(Refusal(module, randn(4, 4, 6)), "expected [N,4,H,W]");
    }

    [TestMethod]
    public void Shuffled_pixels_of_an_image_without_a_batch_are_refused_by_name()
    {
        using var shuffle = nn.PixelShuffle(2);
        StringAssert.Contains(Refusal(shuffle, randn(8, 3, 4)), "(PixelShuffle): its input has 3 dimensions");
    }

    private static string Refusal(nn.Module module, params Tensor[] inputs) => Assert.ThrowsExactly<OnnxExportException>(
        () => OnnxExporter.Export(module, inputs, new OnnxExportOptions { BatchAxis = null })).Message;
}
