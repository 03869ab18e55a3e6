namespace KeypointMl.Training.Tensors;

/// <summary>
/// Keeps the garbage collector from running while tensors are computed. TorchSharp 0.107 hands a scalar operand's
/// native handle to libtorch without keeping the managed <c>Scalar</c> alive: a collection that another thread starts
/// during the native call may finalise the scalar under it, and libtorch then fails with 'INTERNAL ASSERT FAILED …
/// Scalar.h' or computes with freed memory. It takes about a thousand steps to happen, so every step runs in such a
/// region, and collections happen between steps.
/// </summary>
internal readonly struct CollectionFreeRegion : IDisposable
{
    /// <summary>Managed memory that one region may allocate; a step at 128 px and batch 16 takes about a tenth.</summary>
    private const long Bytes = 128L << 20;

    private readonly bool started;

    private CollectionFreeRegion(bool started) => this.started = started;

    /// <summary>Begins a region; inside another one it does nothing.</summary>
    public static CollectionFreeRegion Begin() =>
        new(System.Runtime.GCSettings.LatencyMode != System.Runtime.GCLatencyMode.NoGCRegion && GC.TryStartNoGCRegion(Bytes));

    /// <summary>Ends the region.</summary>
    public void Dispose()
    {
        // The runtime leaves the region by itself where more than its budget was allocated.
        if (started && System.Runtime.GCSettings.LatencyMode == System.Runtime.GCLatencyMode.NoGCRegion)
            GC.EndNoGCRegion();
    }
}
