namespace KeypointMl.Scoring;

/// <summary>How frames are read for scoring. <c>default</c> is a good choice.</summary>
public readonly record struct ScoringOptions
{
    private readonly int stepBeyondOne;

    /// <summary>Of videos, every n-th frame is scored: 0, n, 2n, …; 1 where not given.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Step
    {
        get => stepBeyondOne + 1;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(Step));
            stepBeyondOne = value - 1;
        }
    }

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

    internal int EffectiveDecodeThreads => DecodeThreads == 0 ? Environment.ProcessorCount : DecodeThreads;
}
