using System.Globalization;
using KeypointMl.Inference.Contracts;
using KeypointMl.Inference.Devices;
using KeypointMl.Inference.Sessions;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace KeypointMl.Inference.Detection;

/// <summary>
/// The memory of a batch whose run CUDA records once and repeats: input and outputs stand at fixed addresses on the
/// GPU, and page-locked memory on the host stands between. Every run is of all slots.
/// </summary>
internal sealed class CudaGraphBuffers : DetectorBuffers
{
    private static int graphs;

    private readonly OrtAllocator host;
    private readonly OrtAllocator device;
    private readonly OrtIoBinding binding;
    private readonly OrtValue[] hostInputs;
    private readonly OrtValue[] deviceInputs;
    private readonly OrtValue[] hostOutputs;
    private readonly OrtValue[] deviceOutputs;

    public CudaGraphBuffers(ModelContract contract, int capacity, SharedSession session)
        : base(contract, capacity, pads: true)
    {
        CudaCopies.Enable();
        using var hostMemory = new OrtMemoryInfo("CudaPinned", OrtAllocatorType.DeviceAllocator, session.Device.Id, OrtMemType.CpuOutput);
        using var deviceMemory = new OrtMemoryInfo("Cuda", OrtAllocatorType.DeviceAllocator, session.Device.Id, OrtMemType.Default);
        host = session.Create(inner => new OrtAllocator(inner, hostMemory));
        device = session.Create(inner => new OrtAllocator(inner, deviceMemory));
        binding = session.Create(inner => inner.CreateIoBinding());
        long[] images = [capacity, contract.Height, contract.Width, 3];
        long[] keypoints = [capacity, contract.KeypointCount, 2];
        long[] confidence = [capacity, contract.KeypointCount];
        OrtValue[] Inputs(OrtAllocator allocator) => [OrtValue.CreateAllocatedTensorValue(allocator, TensorElementType.UInt8, images)];
        OrtValue[] Outputs(OrtAllocator allocator) =>
        [
            OrtValue.CreateAllocatedTensorValue(allocator, TensorElementType.Float, keypoints),
            OrtValue.CreateAllocatedTensorValue(allocator, TensorElementType.Float, confidence),
        ];
        (hostInputs, deviceInputs, hostOutputs, deviceOutputs) = (Inputs(host), Inputs(device), Outputs(host), Outputs(device));
        binding.BindInput(InputNames[0], deviceInputs[0]);
        for (int i = 0; i < OutputNames.Length; i++)
            binding.BindOutput(OutputNames[i], deviceOutputs[i]);
        // Each memory has a recording of its own.
        RunOptions.AddRunConfigEntry("gpu_graph_id", Interlocked.Increment(ref graphs).ToString(CultureInfo.InvariantCulture));
    }

    public override void Dispose()
    {
        binding.Dispose();
        foreach (OrtValue value in hostInputs.Concat(deviceInputs).Concat(hostOutputs).Concat(deviceOutputs))
            value.Dispose();
        device.Dispose();
        host.Dispose();
        base.Dispose();
    }

    protected override void RunRows(SharedSession session, int count)
    {
        Images.Rows(count).CopyTo(hostInputs[0].GetTensorMutableDataAsSpan<byte>());
        OrtEnv.Instance().CopyTensors(hostInputs, deviceInputs, null);
        session.Run(RunOptions, binding);
        OrtEnv.Instance().CopyTensors(deviceOutputs, hostOutputs, null);
        hostOutputs[0].GetTensorDataAsSpan<float>().CopyTo(Keypoints.Rows(count));
        hostOutputs[1].GetTensorDataAsSpan<float>().CopyTo(Confidence.Rows(count));
    }
}
