using static TorchSharp.torch;

namespace KeypointMl.Training;

/// <summary>Moves what the host made to a device without waiting for it.</summary>
internal static class DeviceTensors
{
    /// <summary>Where everything begins: networks are drawn, checkpoints read and models exported there.</summary>
    public static Device Cpu => TrainingDevice.Cpu.Device;

    /// <summary>
    /// The same values on a device; on the CPU the tensor itself. A GPU copies from pinned memory while the host goes on; from other memory libtorch would wait for all that was
    /// asked of the GPU before.
    /// </summary>
    /// <param name="host">On the CPU.</param>
    /// <param name="device">Where to.</param>
    public static Tensor OnDevice(this Tensor host, Device device) => device.type switch
    {
        TorchSharp.DeviceType.CPU => host,
        TorchSharp.DeviceType.CUDA => host.pin_memory().to(device, non_blocking: true),
        _ => host.to(device),
    };

    /// <summary>
    /// Moves a network that was made, and its weights drawn, on the CPU: so that the weights of a seed are the same wherever it is trained. Kernels of convolutions are laid out
    /// channels-last, which tensor cores want. Before its optimiser is made, which knows parameters by their handles.
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
