using System.Reflection;
using KeypointMl.Onnx.TorchSharp;
using KeypointMl.Onnx.TorchSharp.Converters;
using KeypointMl.Onnx.TorchSharp.Emitting;
using KeypointMl.Onnx.TorchSharp.Exporting;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchVision;

/// <summary>
/// Lets <see cref="OnnxExporter"/> export the models of TorchVision 0.107: ResNet, ResNeXt and Wide ResNet, MobileNet
/// v2 and v3, VGG, AlexNet, GoogLeNet and Inception v3, and modules built from their operations. Their forward methods
/// add, join, pool and flatten by functions that a tracer cannot see; here each block has a forward of the same
/// computation that it can.
/// </summary>
public static class TorchVisionConverters
{
    /// <summary>A registry that knows TorchVision too.</summary>
    /// <param name="registry">What it knows already, such as <see cref="OnnxConverterRegistry.BuiltIn"/>.</param>
    /// <returns>For <see cref="OnnxExportOptions.Converters"/>.</returns>
    /// <exception cref="OnnxExportException">Another version of TorchVision is loaded, which has other blocks.</exception>
    public static OnnxConverterRegistry WithTorchVision(this OnnxConverterRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry
            .WithOperations()
            .WithResidualNetworks()
            .WithMobileNetworks()
            .WithInceptionNetworks()
            .WithForward<AlexNet>((network, x) => Head(new Block(network), x))
            .WithForward<VGG>((network, x) => Head(new Block(network), x));
    }

    private static Tensor Head(Block network, Tensor x) =>
        network.Run(Functional.flatten(network.Run(x, "features", "avgpool"), 1), "classifier");
}

/// <summary>Modules of <c>torchvision.ops</c>.</summary>
internal static class Operations
{
    public static OnnxConverterRegistry WithOperations(this OnnxConverterRegistry registry) => registry
        .With<torchvision.Permute>((context, module, x) => context.Node("Transpose", [x], ("perm", DimensionsOf(module))))
        // In evaluation mode these do nothing.
        .With<torchvision.StochasticDepth>((_, _, inputs) => [inputs[0]])
        .With<DropBlock2d>((_, _, inputs) => [inputs[0]])
        .With<DropBlock3d>((_, _, inputs) => [inputs[0]])
        .WithForward<torchvision.SqueezeExcitation>(
            (module, x) => Functional.mul(new Block(module).Run(x, "avgpool", "fc1", "activation", "fc2", "scale_activation"), x));

    private static long[] DimensionsOf(torchvision.Permute module) =>
        (long[])typeof(torchvision.Permute).GetField("dims", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(module)!;
}

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
