using KeypointMl.Onnx.TorchSharp;
using KeypointMl.Onnx.TorchSharp.Converters;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchVision;

/// <summary>MobileNet v2 and v3.</summary>
internal static class MobileNetworks
{
    public static OnnxConverterRegistry WithMobileNetworks(this OnnxConverterRegistry registry) => registry
        .WithForward(Block.TypeOf(typeof(MobileNetV2), "InvertedResidual"), (block, x) => Residual(new Block(block), x, "conv"))
        .WithForward(Block.TypeOf(typeof(MobileNetV3), "InvertedResidual"), (block, x) => Residual(new Block(block), x, "block"))
        .WithForward<MobileNetV2>((network, x) =>
        {
            var inner = new Block(network);
            return inner.Run(Functional.flatten(Functional.adaptive_avg_pool2d(inner.Run(x, "features"), 1), 1), "classifier");
        })
        .WithForward<MobileNetV3>((network, x) =>
        {
            var inner = new Block(network);
            return inner.Run(Functional.flatten(inner.Run(x, "features", "avgpool"), 1), "classifier");
        });

    private static Tensor Residual(Block block, Tensor x, string path)
    {
        Tensor changed = block.Run(x, path);
        return block.IsSet("use_res_connect") ? Functional.add(changed, x) : changed;
    }
}
