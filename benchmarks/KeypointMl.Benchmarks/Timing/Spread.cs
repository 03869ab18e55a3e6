using System.Globalization;

namespace KeypointMl.Benchmarks;

/// <summary>Values of one quantity, one of each round.</summary>
/// <param name="values">The values, in any order; at least one.</param>
internal sealed class Spread(IEnumerable<double> values)
{
    private readonly double[] sorted = [.. values.Order()];

    /// <summary>The median.</summary>
    public double Median => Quantile(0.5);

    /// <summary>How many there are.</summary>
    public int Count => sorted.Length;

    /// <summary>The median of ratios, and from the 10th to the 90th of 100.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"**{Median:F2}** ({Quantile(0.1):F2}–{Quantile(0.9):F2})");

    private double Quantile(double share) => sorted[(int)Math.Round(share * (sorted.Length - 1))];
}
