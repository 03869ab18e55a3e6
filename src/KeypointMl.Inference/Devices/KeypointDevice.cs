using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using KeypointMl.Inference.Detection;

namespace KeypointMl.Inference.Devices;

/// <summary>
/// Where a session runs, or is asked to run: <c>auto</c> (the default), <c>auto:ID</c>, <c>cpu</c>, <c>cuda:ID</c> or
/// <c>tensorrt:ID</c>. Only <see cref="Auto"/> may fall back to the CPU; a device that is asked for by name and is not
/// available is an error.
/// </summary>
public readonly record struct KeypointDevice
{
    private KeypointDevice(KeypointDeviceKind kind, int id)
    {
        Kind = kind;
        Id = id;
    }

    /// <summary>CUDA device 0 where this process has it, else the CPU.</summary>
    public static KeypointDevice Auto => default;

    /// <summary>A CUDA device where this process has it, else the CPU.</summary>
    /// <param name="id">CUDA's number of the device, from 0; with 0 the same as <see cref="Auto"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="id"/> is negative.</exception>
    public static KeypointDevice AutoOn(int id)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(id);
        return new(KeypointDeviceKind.Auto, id);
    }

    /// <summary>The CPU.</summary>
    public static KeypointDevice Cpu => new(KeypointDeviceKind.Cpu, 0);

    /// <summary>What kind of device.</summary>
    public KeypointDeviceKind Kind { get; }

    /// <summary>Which of the GPUs, from 0; 0 for the CPU.</summary>
    public int Id { get; }

    /// <summary>An NVIDIA GPU through CUDA.</summary>
    /// <param name="id">CUDA's number of the device, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="id"/> is negative.</exception>
    public static KeypointDevice Cuda(int id = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(id);
        return new(KeypointDeviceKind.Cuda, id);
    }

    /// <summary>
    /// An NVIDIA GPU through TensorRT: faster where it can be had. It builds an engine for each batch size at its first
    /// run, which takes minutes for some graphs; give <see cref="KeypointDetectorOptions.PadBatches"/>, so that there
    /// is one for all calls of Detect, and one for each capacity of <see cref="KeypointDetector.RentBatch"/>.
    /// </summary>
    /// <param name="id">CUDA's number of the device, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="id"/> is negative.</exception>
    public static KeypointDevice TensorRt(int id = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(id);
        return new(KeypointDeviceKind.TensorRt, id);
    }

    /// <summary>Reads <c>auto</c>, <c>auto:ID</c>, <c>cpu</c>, <c>cuda</c>, <c>cuda:ID</c>, <c>tensorrt</c> or <c>tensorrt:ID</c>, in any case.</summary>
    /// <exception cref="FormatException">The text is none of these.</exception>
    public static KeypointDevice Parse(string text) => TryParse(text, out KeypointDevice device)
        ? device
        : throw new FormatException(
            $"'{text}' is not a device; expected 'auto', 'auto:ID', 'cpu', 'cuda', 'cuda:ID', 'tensorrt' or 'tensorrt:ID' with ID 0 or more.");

    /// <summary>Reads <c>auto</c>, <c>auto:ID</c>, <c>cpu</c>, <c>cuda</c>, <c>cuda:ID</c>, <c>tensorrt</c> or <c>tensorrt:ID</c>, in any case.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out KeypointDevice device)
    {
        device = default;
        switch (text?.ToLowerInvariant())
        {
            case "auto":
                return true;
            case "cpu":
                device = Cpu;
                return true;
            case "cuda":
                device = Cuda();
                return true;
            case "tensorrt":
                device = TensorRt();
                return true;
            case { } other when other.Split(':') is ["auto" or "cuda" or "tensorrt", var number]
                && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int id):
                device = other[0] switch { 'a' => AutoOn(id), 'c' => Cuda(id), _ => TensorRt(id) };
                return true;
            default:
                return false;
        }
    }

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public override string ToString() => Kind switch
    {
        KeypointDeviceKind.Auto => Id == 0 ? "auto" : string.Create(CultureInfo.InvariantCulture, $"auto:{Id}"),
        KeypointDeviceKind.Cpu => "cpu",
        KeypointDeviceKind.TensorRt => string.Create(CultureInfo.InvariantCulture, $"tensorrt:{Id}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"cuda:{Id}"),
    };
}

/// <summary>The kinds of device that a session can be asked to run on.</summary>
public enum KeypointDeviceKind
{
    /// <summary>CUDA where this process has it, else the CPU; the only kind that may fall back.</summary>
    Auto,

    /// <summary>The CPU.</summary>
    Cpu,

    /// <summary>An NVIDIA GPU through ONNX Runtime's CUDA provider.</summary>
    Cuda,

    /// <summary>An NVIDIA GPU through ONNX Runtime's TensorRT provider, with the CUDA provider for what TensorRT leaves over.</summary>
    TensorRt,
}
