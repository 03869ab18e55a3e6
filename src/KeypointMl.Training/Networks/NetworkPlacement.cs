using static TorchSharp.torch;

namespace KeypointMl.Training.Networks;

/// <summary>Brings networks to the device that they are trained on.</summary>
internal static class NetworkPlacement
{
    /// <summary>
    /// Moves a network that was made, and its weights drawn, on the CPU: so that the weights of a seed are the same
    /// wherever it is trained. Kernels of convolutions are laid out channels-last, which tensor cores want. Before its
    /// optimiser is made, which knows parameters by their handles.
    /// </summary>
    public static void MoveTo(this nn.Module network, Device device)
    {
        if (device.type == TorchSharp.DeviceType.CPU)
            return;
        TorchSharp.ModuleExtensionMethods.to(network, device);
        foreach (Convolution convolution in network.modules().OfType<Convolution>())
            convolution.UseChannelsLast();
    }
}
