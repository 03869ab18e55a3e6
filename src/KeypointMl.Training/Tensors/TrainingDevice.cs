using System.Globalization;
using System.Runtime.InteropServices;
using KeypointMl.Inference.Devices;
using static TorchSharp.torch;

namespace KeypointMl.Training.Tensors;

/// <summary>Where a run trains: <c>cpu</c> or <c>cuda:N</c>, found to be there.</summary>
public sealed record TrainingDevice
{
    /// <summary>The words that <see cref="Open(string)"/> takes, for messages.</summary>
    public const string Words = "'auto', 'cpu', 'cuda' or 'cuda:N' with N 0 or more";

    private TrainingDevice(string name, string description, string note, Device device) =>
        (Name, Description, Note, Device, ReadsEveryStep) = (name, description, note, device, device.type == TorchSharp.DeviceType.CPU);

    /// <summary>The processor.</summary>
    public static TrainingDevice Cpu { get; } = OnCpu("");

    /// <summary><c>cpu</c> or <c>cuda:0</c>.</summary>
    public string Name { get; }

    /// <summary>What it is: the processor's or the GPU's name.</summary>
    public string Description { get; }

    /// <summary>One line that says what is used and, where <c>auto</c> gave the CPU, why.</summary>
    public string Note { get; }

    /// <summary>Whether it is the processor.</summary>
    internal bool IsCpu => Device.type == TorchSharp.DeviceType.CPU;

    /// <summary>As TorchSharp knows it.</summary>
    internal Device Device { get; }

    /// <summary>Whether numbers are read in every step, which costs nothing on the CPU and on a GPU makes it wait.</summary>
    internal bool ReadsEveryStep { get; init; }

    /// <summary>Finds a device.</summary>
    /// <param name="device">
    /// <c>auto</c> (CUDA device 0 where there is one, else the CPU), <c>cpu</c>, <c>cuda</c> (device 0) or
    /// <c>cuda:N</c>.
    /// </param>
    /// <exception cref="FormatException">The text is none of these.</exception>
    /// <exception cref="NotSupportedException">
    /// A GPU was asked for by name and is not available; the message says what to install.
    /// </exception>
    public static TrainingDevice Open(string device) => Open(device, CudaRuntime.Current);

    internal static TrainingDevice Open(string device, ICudaRuntime cuda)
    {
        if (!TryParse(device, out KeypointDevice asked))
            throw new FormatException($"'{device}' is not a device to train on; expected {Words}.");
        return Open(asked, cuda);
    }

    /// <summary>Finds a device; <c>auto:ID</c> is the GPU of that number where it is there, else the CPU.</summary>
    /// <exception cref="NotSupportedException">A GPU was asked for by name and is not available.</exception>
    internal static TrainingDevice Open(KeypointDevice asked, ICudaRuntime cuda)
    {
        if (asked.Kind == KeypointDeviceKind.Cpu)
            return Cpu;
        string? obstacle = Obstacle(asked, cuda);
        if (obstacle is null)
            return OnCuda(asked.Id, cuda);
        return asked.Kind == KeypointDeviceKind.Auto
            ? OnCpu($", because {obstacle}")
            : throw new NotSupportedException($"The device {asked} was asked for, but {obstacle}. {Remedy(cuda)}");
    }

    /// <summary>Whether <see cref="Open(string)"/> takes the text.</summary>
    public static bool IsWord(string device) => TryParse(device, out _);

    private static bool TryParse(string device, out KeypointDevice asked) =>
        KeypointDevice.TryParse(device, out asked) && asked.Kind != KeypointDeviceKind.TensorRt
        && asked is not { Kind: KeypointDeviceKind.Auto, Id: > 0 };

    private static string? Obstacle(KeypointDevice asked, ICudaRuntime cuda) =>
        !cuda.IsBuiltIn ? "the libtorch of this process is built for the CPU"
        : cuda.Devices == 0 ? "libtorch finds no CUDA device"
        : asked.Id >= cuda.Devices
        ? string.Create(CultureInfo.InvariantCulture,
            $"libtorch finds {cuda.Devices} CUDA {(cuda.Devices == 1 ? "device, cuda:0" : $"devices, cuda:0 to cuda:{cuda.Devices - 1}")}")
        : null;

    private static string Remedy(ICudaRuntime cuda)
    {
        if (cuda.Devices > 0)
            return "Ask for one of them, or for 'auto' or 'cpu'.";
        if (cuda.IsBuiltIn)
            return "Train on a machine with an NVIDIA GPU and its driver, or ask for 'auto' or 'cpu'.";
        string package = RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? "TorchSharp-cuda-windows" : "TorchSharp-cuda-linux";
        return $"It takes the package {package} instead of libtorch-cpu-*, in an application of your own; the installed tool "
            + "trains on the CPU, and one with CUDA is built from source with 'dotnet build -p:KeypointDevice=cuda'; "
            + "on a machine with an NVIDIA GPU and its driver. Or ask for 'auto' or 'cpu'.";
    }

    private static TrainingDevice OnCpu(string reason)
    {
        string processor = Processor.Current.Name;
        return new("cpu", processor, $"Training on the CPU ({processor}){reason}.", new Device(TorchSharp.DeviceType.CPU));
    }

    private static TrainingDevice OnCuda(int id, ICudaRuntime cuda)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"cuda:{id}");
        string gpu = cuda.NameOf(id);
        return new(name, gpu, $"Training on {name} ({gpu}).", new Device(TorchSharp.DeviceType.CUDA, id));
    }
}
