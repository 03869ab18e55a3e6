using System.Collections.Immutable;
using KeypointMl.Data;

namespace KeypointMl.Scoring;

/// <summary>How frames are read and what happens to their keypoints. <c>default</c> is a good choice.</summary>
public readonly record struct ScoringOptions
{
    /// <summary>How many images are decoded at the same time, ahead of the detector; 0 for as many as there are processors.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int DecodeThreads
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(DecodeThreads));
            field = value;
        }
    }

    /// <summary>Where videos are decoded.</summary>
    public VideoDecoding VideoDecoding { get; init; }

    /// <summary>What is done with the keypoints after the detector, in this order; none where not given.</summary>
    public ImmutableArray<ScoreStep> Steps { get => field.IsDefault ? [] : field; init; }

    internal int EffectiveDecodeThreads => DecodeThreads == 0 ? Environment.ProcessorCount : DecodeThreads;
}
