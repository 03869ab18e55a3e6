using Microsoft.ML.OnnxRuntime;

namespace KeypointMl.Inference;

/// <summary>Turns the device that was asked for into a session's options, and says what came of it.</summary>
internal static class DeviceSelector
{
    private const string CudaProvider = "CUDAExecutionProvider";

    /// <summary>Adds the provider of <paramref name="requested"/> to <paramref name="options"/>.</summary>
    /// <returns>The device that will be used, and, where <c>auto</c> did not give CUDA, why.</returns>
    /// <exception cref="NotSupportedException">CUDA was asked for by name and is not to be had.</exception>
    public static (KeypointDevice Used, string? Note) Apply(SessionOptions options, KeypointDevice requested)
    {
        if (requested.Kind == KeypointDeviceKind.Cpu)
            return (KeypointDevice.Cpu, null);
        var cuda = KeypointDevice.Cuda(requested.Id);
        string? obstacle = TryAppendCuda(options, cuda.Id);
        if (obstacle is null)
            return (cuda, null);
        if (requested.Kind == KeypointDeviceKind.Auto)
            return (KeypointDevice.Cpu, $"device auto: running on the CPU, because {obstacle}");
        throw new NotSupportedException(
            $"The device {requested} was asked for, but {obstacle}. Build the application with -p:KeypointDevice=cuda (it brings Microsoft.ML.OnnxRuntime.Gpu) on a machine with a CUDA driver, or ask for KeypointDevice.Auto or KeypointDevice.Cpu.");
    }

    private static string? TryAppendCuda(SessionOptions options, int id)
    {
        // Asked first: appending CUDA to the CPU package throws EntryPointNotFoundException, which tells a user nothing.
        string[] providers = OrtEnv.Instance().GetAvailableProviders();
        if (!providers.Contains(CudaProvider))
            return $"the ONNX Runtime of this process has no CUDA provider (it has {string.Join(", ", providers)})";
        try
        {
            options.AppendExecutionProvider_CUDA(id);
            return null;
        }
        catch (Exception e) when (e is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException)
        {
            return $"ONNX Runtime cannot start its CUDA provider on device {id}: {e.Message}";
        }
    }
}
