namespace KeypointMl.Benchmarks;

/// <summary>How long an alternative took in each round, and how that compares with the first alternative.</summary>
/// <param name="milliseconds">Its time in each round.</param>
/// <param name="baseline">The first alternative's time in each round.</param>
internal sealed class TimedAlternative(IReadOnlyList<double> milliseconds, IReadOnlyList<double> baseline)
{
    /// <summary>Its time in each round.</summary>
    public IReadOnlyList<double> Times => milliseconds;

    /// <summary>Its times.</summary>
    public Spread Milliseconds { get; } = new(milliseconds);

    /// <summary>How many times as fast as the first.</summary>
    public Spread Speed { get; } = new(milliseconds.Zip(baseline, (own, first) => first / own));
}
