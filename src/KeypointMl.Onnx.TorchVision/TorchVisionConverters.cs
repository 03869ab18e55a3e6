using KeypointMl.Onnx.TorchSharp;
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
