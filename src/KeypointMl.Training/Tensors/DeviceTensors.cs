using static TorchSharp.torch;

namespace KeypointMl.Training.Tensors;

/// <summary>Moves what the host made to a device without waiting for it.</summary>
internal static class DeviceTensors
{
    /// <summary>Where everything begins: networks are drawn, checkpoints read and models exported there.</summary>
    public static Device Cpu => TrainingDevice.Cpu.Device;

    /// <summary>
    /// The same values on a device; on the CPU the tensor itself. A GPU copies from pinned memory while the host goes
    /// on; from other memory libtorch would wait for all that was asked of the GPU before.
    /// </summary>
    /// <param name="host">On the CPU.</param>
    /// <param name="device">Where to.</param>
    public static Tensor OnDevice(this Tensor host, Device device) => device.type switch
    {
        TorchSharp.DeviceType.CPU => host,
        TorchSharp.DeviceType.CUDA => host.pin_memory().to(device, non_blocking: true),
        _ => host.to(device),
    };
}
