using KeypointMl.Inference.Detection;
using Microsoft.ML.OnnxRuntime;

namespace KeypointMl.Inference.Devices;

/// <summary>Turns the device that was asked for into a session's options, and says what came of it.</summary>
internal static class DeviceSelector
{
    private const string CudaProvider = "CUDAExecutionProvider";
    private const string TensorRtProvider = "TensorrtExecutionProvider";

    /// <summary>Adds the provider of <paramref name="requested"/> to <paramref name="options"/>.</summary>
    /// <param name="options">The session's options.</param>
    /// <param name="requested">The device asked for.</param>
    /// <param name="cudaGraph">Whether CUDA is to record its work once and repeat it.</param>
    /// <returns>The device that will be used, and, where <c>auto</c> did not give CUDA, why.</returns>
    /// <exception cref="NotSupportedException">A GPU was asked for by name and is not available.</exception>
    /// <exception cref="ArgumentException">CUDA graphs were asked for on another device.</exception>
    public static (KeypointDevice Used, string? Note) Apply(SessionOptions options, KeypointDevice requested, bool cudaGraph)
    {
        if (cudaGraph && requested.Kind is KeypointDeviceKind.Cpu or KeypointDeviceKind.TensorRt)
        {
            throw new ArgumentException(
                $"CUDA graphs were asked for on the device {requested}; they exist on CUDA devices only. "
                + $"Ask for KeypointDevice.Cuda, or leave {nameof(KeypointDetectorOptions.CudaGraph)} out.", nameof(cudaGraph));
        }
        if (requested.Kind == KeypointDeviceKind.Cpu)
            return (KeypointDevice.Cpu, null);
        KeypointDevice gpu = requested.Kind == KeypointDeviceKind.Auto ? KeypointDevice.Cuda(requested.Id) : requested;
        string? obstacle = MissingProvider(gpu.Kind, OrtEnv.Instance().GetAvailableProviders()) ?? TryAppend(options, gpu, cudaGraph);
        if (obstacle is null)
            return (gpu, null);
        if (requested.Kind == KeypointDeviceKind.Auto)
            return (KeypointDevice.Cpu, OnTheCpu(requested, obstacle));
        throw new NotSupportedException(
            $"The device {requested} was asked for, but {obstacle}. Install the package KeypointMl.Gpu in place of KeypointMl.Cpu (it "
            + "brings Microsoft.ML.OnnxRuntime.Gpu), or build from source with -p:KeypointDevice=cuda, on a machine with "
            + $"{Needs(gpu.Kind)}; or ask for KeypointDevice.Auto or KeypointDevice.Cpu.");
    }

    /// <summary>Why the CPU is used where a GPU was asked for if there is one.</summary>
    public static string OnTheCpu(KeypointDevice requested, string obstacle) =>
        $"device {requested}: running on the CPU, because {obstacle}";

    /// <summary>Says that a graph which the CPU runs cannot be loaded on a GPU.</summary>
    /// <param name="modelName">The graph.</param>
    /// <param name="gpu">The GPU.</param>
    /// <param name="reason">What ONNX Runtime says.</param>
    public static string Refusal(string modelName, KeypointDevice gpu, string reason) =>
        $"{CannotLoad(modelName, gpu, reason)} The file is not at fault: the CPU loads it. Where the GPU's memory is used up, end what "
        + "else uses it; or ask for KeypointDevice.Auto or KeypointDevice.Cpu.";

    /// <summary>The first sentence of it.</summary>
    public static string CannotLoad(string modelName, KeypointDevice gpu, string reason) =>
        $"ONNX Runtime cannot load '{modelName}' on device {gpu}: {reason}";

    /// <summary>
    /// What is missing in a process with these providers; null where nothing is. Asked before appending: appending CUDA
    /// to the CPU package throws EntryPointNotFoundException, which tells a user nothing.
    /// </summary>
    public static string? MissingProvider(KeypointDeviceKind kind, IReadOnlyCollection<string> providers)
    {
        string? missing = kind == KeypointDeviceKind.TensorRt && !providers.Contains(TensorRtProvider) ? "TensorRT"
            : !providers.Contains(CudaProvider) ? "CUDA"
            : null;
        return missing is null
            ? null
            : $"the ONNX Runtime of this process has no {missing} provider (it has {string.Join(", ", providers)})";
    }

    private static string? TryAppend(SessionOptions options, KeypointDevice gpu, bool cudaGraph)
    {
        try
        {
            if (gpu.Kind == KeypointDeviceKind.TensorRt)
                options.AppendExecutionProvider_Tensorrt(gpu.Id);
            using var cuda = new OrtCUDAProviderOptions();
            cuda.UpdateOptions(new Dictionary<string, string>
            {
                ["device_id"] = gpu.Id.ToString(System.Globalization.CultureInfo.InvariantCulture),
                ["enable_cuda_graph"] = cudaGraph ? "1" : "0",
            });
            options.AppendExecutionProvider_CUDA(cuda);
            return null;
        }
        catch (Exception e) when (e is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException)
        {
            return $"ONNX Runtime cannot start its {(gpu.Kind == KeypointDeviceKind.TensorRt ? "TensorRT" : "CUDA")} "
                + $"provider on device {gpu.Id}: {e.Message}";
        }
    }

    private static string Needs(KeypointDeviceKind kind) => kind == KeypointDeviceKind.TensorRt
        ? "a CUDA driver and TensorRT"
        : "a CUDA driver";
}

/// <summary>
/// Lets ONNX Runtime copy between host and GPU outside a run (<see cref="OrtEnv.CopyTensors"/>, since 1.23): it does so
/// for provider libraries that it was told of.
/// </summary>
internal static class CudaCopies
{
    private const string RegistrationName = "KeypointMl.Cuda";

    private static readonly Lazy<bool> Enabled = new(() =>
    {
        OrtEnv.Instance().RegisterExecutionProviderLibrary(RegistrationName, OperatingSystem.IsWindows()
            ? "onnxruntime_providers_cuda.dll"
            : "libonnxruntime_providers_cuda.so");
        return true;
    });

    /// <summary>Tells it, once for the process.</summary>
    /// <exception cref="OnnxRuntimeException">The CUDA provider's library is not beside ONNX Runtime's.</exception>
    public static void Enable() => _ = Enabled.Value;
}
