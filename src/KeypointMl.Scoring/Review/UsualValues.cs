namespace KeypointMl.Scoring.Review;

/// <summary>What is usual among values: their median, and 1.4826 times the median absolute deviation from it.</summary>
/// <param name="Median">The median.</param>
/// <param name="Spread">The deviation; that of the standard deviation for normally distributed values.</param>
internal readonly record struct UsualValues(double Median, double Spread)
{
    private const double Normal = 1.4826;

    /// <summary>From which robust z a value is a fault.</summary>
    public const double OddFrom = 5;

    /// <summary>Of at least one finite value.</summary>
    public static UsualValues Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        double median = MedianOf(sorted);
        return new UsualValues(median, Normal * MedianOf([.. sorted.Select(value => Math.Abs(value - median)).Order()]));
    }

    /// <summary>The robust z of a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="leastSpread">A spread below this is taken for this one: nothing is odd by trembling.</param>
    public double OddnessOf(double value, double leastSpread) => Math.Abs(value - Median) / Math.Max(Spread, leastSpread);

    /// <summary>How much a robust z speaks for a fault: 0 up to <see cref="OddFrom"/>, one half at twice that, towards 1.</summary>
    public static double SeverityOf(double oddness) => Math.Max(0, 1 - OddFrom / oddness);

    private static double MedianOf(double[] sorted) => (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
}
