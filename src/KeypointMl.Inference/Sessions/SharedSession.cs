using System.Runtime.CompilerServices;
using KeypointMl.Inference.Devices;
using KeypointMl.Onnx;
using KeypointMl.Onnx.Quantization;
using Microsoft.ML.OnnxRuntime;

namespace KeypointMl.Inference.Sessions;

/// <summary>
/// A session that several threads run, and that is closed when it has been disposed and the last run has ended:
/// disposing during a run is safe, and a run after disposing throws <see cref="ObjectDisposedException"/> instead of
/// crashing the process.
/// </summary>
internal sealed class SharedSession : IDisposable
{
    private readonly InferenceSession session;
    private readonly string modelName;
    private readonly string owner;
    private int users = 1;
    private int disposed;

    private SharedSession(
        InferenceSession session, string modelName, string owner, KeypointDevice device, string? deviceNote, bool cudaGraph)
    {
        this.session = session;
        this.modelName = modelName;
        this.owner = owner;
        CudaGraph = cudaGraph;
        Device = device;
        DeviceNote = deviceNote;
    }

    public KeypointDevice Device { get; }

    public string? DeviceNote { get; private set; }

    /// <summary>
    /// Whether runs are recorded and repeated by CUDA; such a session runs with
    /// <see cref="Run(RunOptions, OrtIoBinding)"/> only.
    /// </summary>
    public bool CudaGraph { get; }

    /// <exception cref="InvalidDataException">ONNX Runtime refuses the graph.</exception>
    /// <exception cref="DllNotFoundException">ONNX Runtime's native library is missing; the message says what to type.</exception>
    /// <exception cref="NotSupportedException">
    /// The device was asked for by name and is not available, or cannot hold the graph.
    /// </exception>
    /// <exception cref="ArgumentException">CUDA graphs were asked for on another device.</exception>
    public static SharedSession Create(
        byte[] onnx, string modelName, string owner, KeypointDevice requested, int intraOpThreads, bool cudaGraph = false)
    {
        OnnxRuntimeNatives.Require();
        using var options = new SessionOptions
        {
            IntraOpNumThreads = intraOpThreads,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        IntegerOverflow.Avoid(options);
        (KeypointDevice device, string? note) = DeviceSelector.Apply(options, requested, cudaGraph);
        try
        {
            return new SharedSession(
                new InferenceSession(onnx, options), modelName, owner, device, note, cudaGraph && device.Kind == KeypointDeviceKind.Cuda);
        }
        catch (OnnxRuntimeException e) when (device != KeypointDevice.Cpu)
        {
            // A graph that is at fault itself is refused by the CPU too.
            SharedSession onCpu = Create(onnx, modelName, owner, KeypointDevice.Cpu, intraOpThreads);
            if (requested.Kind == KeypointDeviceKind.Auto)
            {
                onCpu.DeviceNote = DeviceSelector.OnTheCpu(requested, DeviceSelector.CannotLoad(modelName, device, e.Message));
                return onCpu;
            }
            onCpu.Dispose();
            throw new NotSupportedException(DeviceSelector.Refusal(modelName, device, e.Message), e);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidDataException(
                $"ONNX Runtime refuses '{modelName}' on device {device}: {e.Message} Export the model again.", e);
        }
    }

    /// <summary>Finds out whether a device is there, before there is a graph for it.</summary>
    /// <exception cref="DllNotFoundException">ONNX Runtime's native library is missing; the message says what to type.</exception>
    /// <exception cref="NotSupportedException">The device was asked for by name and is not available.</exception>
    /// <exception cref="ArgumentException">CUDA graphs were asked for on another device.</exception>
    public static void RequireDevice(KeypointDevice requested, bool cudaGraph)
    {
        OnnxRuntimeNatives.Require();
        using var options = new SessionOptions();
        _ = DeviceSelector.Apply(options, requested, cudaGraph);
    }

    /// <exception cref="InvalidOperationException">ONNX Runtime cannot run the graph.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public void Run(RunOptions options, string[] inputNames, OrtValue[] inputs, string[] outputNames, OrtValue[] outputs)
    {
        Enter();
        try
        {
            session.Run(options, inputNames, inputs, outputNames, outputs);
        }
        catch (OnnxRuntimeException e)
        {
            throw Failure(e);
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>Runs on bound memory, one run at a time.</summary>
    /// <exception cref="InvalidOperationException">ONNX Runtime cannot run the graph.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public void Run(RunOptions options, OrtIoBinding binding)
    {
        Enter();
        try
        {
            lock (session)
                session.RunWithBinding(options, binding);
        }
        catch (OnnxRuntimeException e)
        {
            throw Failure(e);
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>Makes what belongs to the session, such as bindings and allocators.</summary>
    public T Create<T>(Func<InferenceSession, T> create)
    {
        Enter();
        try
        {
            return create(session);
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>Says that a run failed, or that there is no memory for one.</summary>
    public InvalidOperationException Failure(OnnxRuntimeException e) => new(
        $"'{modelName}' cannot be run on device {Device}: {e.Message} Where its memory is short, take a smaller batch, or another device.",
        e);

    /// <summary>Keeps the session open for what belongs to it, until that is disposed of.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public IDisposable Hold()
    {
        Enter();
        return new Use(this);
    }

    public void ThrowIfDisposed()
    {
        if (Volatile.Read(ref disposed) != 0)
            throw new ObjectDisposedException(owner);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 0)
            Exit();
    }

    private void Enter()
    {
        int seen = Volatile.Read(ref users);
        while (true)
        {
            ThrowIfDisposed();
            if (seen == 0)
                throw new ObjectDisposedException(owner);
            int found = Interlocked.CompareExchange(ref users, seen + 1, seen);
            if (found == seen)
                return;
            seen = found;
        }
    }

    private void Exit()
    {
        if (Interlocked.Decrement(ref users) == 0)
            session.Dispose();
    }

    private sealed class Use(SharedSession session) : IDisposable
    {
        private SharedSession? held = session;

        public void Dispose() => Interlocked.Exchange(ref held, null)?.Exit();
    }
}

/// <summary>What must have happened before anything here touches ONNX Runtime.</summary>
internal static class ModuleStart
{
#pragma warning disable CA2255 // Every way into an assembly that uses ONNX Runtime must come through here.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void TurnTelemetryOff() => OnnxRuntimeTelemetry.TurnOff();
}
