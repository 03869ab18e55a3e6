using KeypointMl.Onnx.TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchVision;

/// <summary>ResNet and its relatives: the sum at the end of a block, which TorchVision computes in place.</summary>
internal static class ResidualNetworks
{
    public static OnnxConverterRegistry WithResidualNetworks(this OnnxConverterRegistry registry) => registry
        .WithForward(
            Block.TypeOf(typeof(ResNet), "BasicBlock"), (block, x) => Sum(new Block(block), x, "conv1", "bn1", "relu1", "conv2", "bn2"))
        .WithForward(
            Block.TypeOf(typeof(ResNet), "Bottleneck"),
            (block, x) => Sum(new Block(block), x, "conv1", "bn1", "relu1", "conv2", "bn2", "relu2", "conv3", "bn3"));

    private static Tensor Sum(Block block, Tensor x, params ReadOnlySpan<string> path)
    {
        Tensor changed = block.Run(x, path);
        return Functional.relu(Functional.add(changed, block.Has("downsample") ? block.Run(x, "downsample") : x));
    }
}
