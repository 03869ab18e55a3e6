using KeypointMl.Inference;

namespace KeypointMl.Scoring;

/// <summary>
/// The threads on which a scorer runs native code. The C library and ONNX Runtime keep memory for each thread that has decoded an image or run a graph, so that a long job would hold more and more
/// if that were done on threads that come and go, such as the pool's.
/// </summary>
/// <param name="detector">The detector that they run.</param>
/// <param name="options">How many there are of each.</param>
internal sealed class ScoringThreads(KeypointDetector detector, ScoringOptions options) : IDisposable
{
    /// <summary>Run the detector.</summary>
    public WorkThreads Detectors { get; } = new(options.ParallelRunsOf(detector), "KeypointMl detector");

    /// <summary>Decode images.</summary>
    public WorkThreads Decoders { get; } = new(options.EffectiveDecodeThreads, "KeypointMl decoder");

    /// <summary>Waits for the work that was given, and ends the threads.</summary>
    public void Dispose()
    {
        Detectors.Dispose();
        Decoders.Dispose();
    }
}
