namespace KeypointMl.Inference.Detection;

/// <summary>
/// Memory of a <see cref="KeypointDetector"/> for up to <see cref="Capacity"/> images, on which the graph runs in
/// place: write the images, <see cref="Run"/>, read the keypoints. Nothing is copied and nothing allocated from run to
/// run. Dispose gives the memory back to the detector.
/// </summary>
/// <remarks>
/// Not for two threads at once, but for two things: different slots of <see cref="Image"/> may be written by different
/// threads. Several batches of one detector may run at the same time.
/// </remarks>
public sealed class DetectorBatch : IDisposable
{
    private readonly KeypointDetector detector;
    private DetectorBuffers? buffers;

    internal DetectorBatch(KeypointDetector detector, DetectorBuffers buffers, int capacity)
    {
        this.detector = detector;
        this.buffers = buffers;
        Capacity = capacity;
    }

    /// <summary>The number of slots.</summary>
    public int Capacity { get; }

    private DetectorBuffers Buffers => buffers ?? throw new ObjectDisposedException(nameof(DetectorBatch));

    /// <summary>
    /// The image of one slot, to be written: [H,W,3] bytes, RGB, row-major. It holds what was last written there; where
    /// batches are padded, a run leaves the slots behind its own black.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="slot"/> is outside 0…<see cref="Capacity"/>−1.</exception>
    /// <exception cref="ObjectDisposedException">The batch was disposed.</exception>
    public Memory<byte> Image(int slot) => Buffers.Images.Row(Checked(slot));

    /// <summary>
    /// Runs the graph on the images of slots 0…<paramref name="count"/>−1. With <see cref="KeypointDetectorOptions.PadBatches"/>
    /// or <see cref="KeypointDetectorOptions.CudaGraph"/> the other slots become black, and go through the graph too.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is outside 1…<see cref="Capacity"/>.</exception>
    /// <exception cref="InvalidOperationException">ONNX Runtime cannot run the graph, as where the device's memory is short.</exception>
    /// <exception cref="ObjectDisposedException">The batch or its detector was disposed.</exception>
    public void Run(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Capacity);
        Buffers.Run(detector.Session, count);
    }

    /// <summary>The last run's keypoints of one slot: [K,2], (x,y) in pixels of the slot's image, 0 = centre of the first pixel.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="slot"/> is outside 0…<see cref="Capacity"/>−1.</exception>
    /// <exception cref="ObjectDisposedException">The batch was disposed.</exception>
    public ReadOnlySpan<float> Keypoints(int slot) => Buffers.Keypoints.Row(Checked(slot)).Span;

    /// <summary>The last run's confidence of one slot: [K] in [0,1].</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="slot"/> is outside 0…<see cref="Capacity"/>−1.</exception>
    /// <exception cref="ObjectDisposedException">The batch was disposed.</exception>
    public ReadOnlySpan<float> Confidence(int slot) => Buffers.Confidence.Row(Checked(slot)).Span;

    /// <summary>Gives the memory back to the detector.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref buffers, null) is { } taken)
            detector.Return(Capacity, taken);
    }

    private int Checked(int slot)
    {
        if ((uint)slot >= (uint)Capacity)
            throw new ArgumentOutOfRangeException(nameof(slot), slot, $"Slots are 0 to {Capacity - 1}.");
        return slot;
    }
}
