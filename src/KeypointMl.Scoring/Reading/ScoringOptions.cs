using System.Collections.Immutable;
using KeypointMl.Imaging;
using KeypointMl.Imaging.Video;
using KeypointMl.Inference.Detection;
using KeypointMl.Inference.Devices;
using KeypointMl.Inference.Streaming;
using KeypointMl.Scoring.Steps;

namespace KeypointMl.Scoring.Reading;

/// <summary>How frames are read and what happens to their keypoints. <c>default</c> is a good choice.</summary>
public readonly record struct ScoringOptions
{
    /// <summary>The most threads that may be asked for of a kind.</summary>
    public const int MaximumThreads = 1024;

    /// <summary>How many images are decoded at the same time, ahead of the detector; 0 for as many as there are processors.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or above <see cref="MaximumThreads"/>.</exception>
    public int DecodeThreads { get; init => field = Guard.Between(value, 0, MaximumThreads); }

    /// <summary>
    /// How many batches a CPU takes through the detector at the same time; other devices take one. 0: as many as there
    /// are processors for, with the detector's <see cref="KeypointDetectorOptions.IntraOpThreads"/> for each; one where
    /// those are 0. Runs of one thread each keep the processors busier than one run of many threads, and what they find
    /// does not depend on how many there are. Each holds the memory of its own activations.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or above <see cref="MaximumThreads"/>.</exception>
    public int ParallelRuns { get; init => field = Guard.Between(value, 0, MaximumThreads); }

    /// <summary>Where videos are decoded.</summary>
    public VideoDecoding VideoDecoding { get; init; }

    /// <summary>What is done with the keypoints after the detector, in this order; none where not given.</summary>
    public ImmutableArray<ScoreStep> Steps { get => field.IsDefault ? [] : field; init; }

    /// <summary>The threads of a scorer: those that decode, those that run the detector, and one that reads.</summary>
    internal WorkThreads StartThreads(KeypointDetector detector) =>
        new(EffectiveDecodeThreads + ParallelRunsOf(detector) + 1, "KeypointMl scoring");

    /// <summary>The way through the detector.</summary>
    internal StreamOptions StreamOf(KeypointDetector detector, WorkThreads threads)
    {
        int runs = ParallelRunsOf(detector);
        // Beside those with the detector: one is being filled, one waits, one is with the sinks.
        return new StreamOptions(detector.Options.BatchSize, runs + 3, EffectiveDecodeThreads + 1)
        {
            DecodeThreads = EffectiveDecodeThreads,
            ParallelRuns = runs,
            Threads = threads,
            Waiting = change => ScoringMetrics.BatchesWaiting.Add(change),
        };
    }

    private int EffectiveDecodeThreads => DecodeThreads == 0 ? Environment.ProcessorCount : DecodeThreads;

    private int ParallelRunsOf(KeypointDetector detector) => detector switch
    {
        { Device.Kind: not KeypointDeviceKind.Cpu } => 1,
        _ when ParallelRuns > 0 => ParallelRuns,
        { Options.IntraOpThreads: 0 } => 1,
        _ => Math.Max(1, Environment.ProcessorCount / detector.Options.IntraOpThreads),
    };
}
