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

    // What was made last goes first: bindings before values, those before allocators, and all before the session.
    private readonly Stack<IDisposable> owned = new();
    private readonly OrtIoBinding binding;
    private readonly OrtValue[] hostInputs;
    private readonly OrtValue[] deviceInputs;
    private readonly OrtValue[] hostOutputs;
    private readonly OrtValue[] deviceOutputs;

    /// <exception cref="InvalidOperationException">There is no memory for it.</exception>
    public CudaGraphBuffers(ModelContract contract, int capacity, SharedSession session)
        : base(contract, capacity, pads: true)
    {
        try
        {
            owned.Push(session.Hold());
            CudaCopies.Enable();
            using var hostMemory = new OrtMemoryInfo(
                "CudaPinned", OrtAllocatorType.DeviceAllocator, session.Device.Id, OrtMemType.CpuOutput);
            using var deviceMemory = new OrtMemoryInfo("Cuda", OrtAllocatorType.DeviceAllocator, session.Device.Id, OrtMemType.Default);
            OrtAllocator host = Own(session.Create(inner => new OrtAllocator(inner, hostMemory)));
            OrtAllocator device = Own(session.Create(inner => new OrtAllocator(inner, deviceMemory)));
            long[] images = [capacity, contract.Height, contract.Width, 3];
            long[] keypoints = [capacity, contract.KeypointCount, 2];
            long[] confidence = [capacity, contract.KeypointCount];
            OrtValue Tensor(OrtAllocator allocator, TensorElementType type, long[] shape) =>
                Own(OrtValue.CreateAllocatedTensorValue(allocator, type, shape));
            OrtValue[] Inputs(OrtAllocator allocator) => [Tensor(allocator, TensorElementType.UInt8, images)];
            OrtValue[] Outputs(OrtAllocator allocator) =>
            [
                Tensor(allocator, TensorElementType.Float, keypoints),
                Tensor(allocator, TensorElementType.Float, confidence),
            ];
            (hostInputs, deviceInputs, hostOutputs, deviceOutputs) = (Inputs(host), Inputs(device), Outputs(host), Outputs(device));
            binding = Own(session.Create(inner => inner.CreateIoBinding()));
            binding.BindInput(InputNames[0], deviceInputs[0]);
            for (int i = 0; i < OutputNames.Length; i++)
                binding.BindOutput(OutputNames[i], deviceOutputs[i]);
            // Each memory has a recording of its own.
            RunOptions.AddRunConfigEntry("gpu_graph_id", Interlocked.Increment(ref graphs).ToString(CultureInfo.InvariantCulture));
        }
        catch (OnnxRuntimeException e)
        {
            Dispose();
            throw session.Failure(e);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public override void Dispose()
    {
        while (owned.TryPop(out IDisposable? last))
            last.Dispose();
        base.Dispose();
    }

    protected override void RunRows(SharedSession session, int count)
    {
        try
        {
            Images.Rows(count).CopyTo(hostInputs[0].GetTensorMutableDataAsSpan<byte>());
            OrtEnv.Instance().CopyTensors(hostInputs, deviceInputs, null);
            session.Run(RunOptions, binding);
            OrtEnv.Instance().CopyTensors(deviceOutputs, hostOutputs, null);
            hostOutputs[0].GetTensorDataAsSpan<float>().CopyTo(Keypoints.Rows(count));
            hostOutputs[1].GetTensorDataAsSpan<float>().CopyTo(Confidence.Rows(count));
        }
        catch (OnnxRuntimeException e)
        {
            throw session.Failure(e);
        }
    }

    private T Own<T>(T made)
        where T : IDisposable
    {
        owned.Push(made);
        return made;
    }
}
