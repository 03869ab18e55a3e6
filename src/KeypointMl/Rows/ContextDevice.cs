using KeypointMl.Inference.Detection;
using KeypointMl.Inference.Devices;
using KeypointMl.Inference.Sessions;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace KeypointMl.Rows;

/// <summary>
/// Where an <see cref="MLContext"/> wants models to run: its <see cref="MLContext.GpuDeviceId"/> and
/// <see cref="MLContext.FallbackToCpu"/>. They hold where a transform's options leave the device at
/// <see cref="KeypointDevice.Auto"/>, and are asked again whenever a saved transform is loaded.
/// </summary>
internal readonly record struct ContextDevice(int? GpuDeviceId, bool FallbackToCpu)
{
    /// <summary>That of the context whose catalog this is.</summary>
    public static ContextDevice Of(TransformsCatalog catalog) => MlNetInternals.Device(MlNetInternals.Environment(catalog));

    /// <summary>That of the context which loads a model.</summary>
    public static ContextDevice Of(IHostEnvironment environment) => MlNetInternals.Device(environment);

    /// <summary>Finds out whether detection can run where the options or the context want it, before there is a graph.</summary>
    /// <exception cref="DllNotFoundException">ONNX Runtime's native library is missing; the message says what to type.</exception>
    /// <exception cref="NotSupportedException">The device that was asked for is not available.</exception>
    /// <exception cref="ArgumentException">The context's number of the GPU is negative, or CUDA graphs are asked for elsewhere.</exception>
    public void Require(KeypointDetectorOptions options) => Load(options.Device, device =>
    {
        SharedSession.RequireDevice(device, options.CudaGraph);
        return device;
    });

    /// <summary>Loads a graph where the options or, where they leave it open, the context want it.</summary>
    /// <param name="asked">The options' device.</param>
    /// <param name="load">Loads for a device.</param>
    /// <exception cref="ArgumentException">The context's number of the GPU is negative.</exception>
    /// <exception cref="NotSupportedException">The device that was asked for is not available.</exception>
    public T Load<T>(KeypointDevice asked, Func<KeypointDevice, T> load)
    {
        if (asked != KeypointDevice.Auto || GpuDeviceId is not { } id)
            return load(asked);
        if (id < 0)
            throw new ArgumentException($"{nameof(MLContext)}.{nameof(MLContext.GpuDeviceId)} is {id}; expected 0 or more, or null.");
        if (FallbackToCpu)
            return load(KeypointDevice.AutoOn(id));
        try
        {
            return load(KeypointDevice.Cuda(id));
        }
        catch (NotSupportedException e)
        {
            throw new NotSupportedException(
                $"{nameof(MLContext)}.{nameof(MLContext.GpuDeviceId)} is {id} and {nameof(MLContext.FallbackToCpu)} is false. {e.Message}", e);
        }
    }
}
