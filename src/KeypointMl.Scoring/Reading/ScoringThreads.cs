namespace KeypointMl.Scoring;

/// <summary>
/// The threads on which a scorer runs native code. The C library and ONNX Runtime keep memory for each thread that has decoded an image or run a graph, so that a long job would hold more and more
/// if that were done on threads that come and go, such as the pool's.
/// </summary>
/// <param name="decoders">How many images are decoded at the same time.</param>
internal sealed class ScoringThreads(int decoders) : IDisposable
{
    /// <summary>Runs the detector.</summary>
    public WorkThreads Detector { get; } = new(1, "KeypointMl detector");

    /// <summary>Decode images.</summary>
    public WorkThreads Decoders { get; } = new(decoders, "KeypointMl decoder");

    /// <summary>Waits for the work that was given, and ends the threads.</summary>
    public void Dispose()
    {
        Detector.Dispose();
        Decoders.Dispose();
    }
}
