using Microsoft.ML.OnnxRuntime;

namespace KeypointMl.Inference;

/// <summary>Lets ONNX Runtime copy between host and GPU outside a run (<see cref="OrtEnv.CopyTensors"/>, since 1.23): it does so for provider libraries that it was told of.</summary>
internal static class CudaCopies
{
    private const string RegistrationName = "KeypointMl.Cuda";

    private static readonly Lazy<bool> Enabled = new(() =>
    {
        OrtEnv.Instance().RegisterExecutionProviderLibrary(RegistrationName, OperatingSystem.IsWindows() ? "onnxruntime_providers_cuda.dll" : "libonnxruntime_providers_cuda.so");
        return true;
    });

    /// <summary>Tells it, once for the process.</summary>
    /// <exception cref="OnnxRuntimeException">The CUDA provider's library is not beside ONNX Runtime's.</exception>
    public static void Enable() => _ = Enabled.Value;
}
