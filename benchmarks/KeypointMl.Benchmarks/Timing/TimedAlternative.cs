using System.Globalization;

namespace KeypointMl.Benchmarks;

/// <summary>How long an alternative took in each round, and how that compares with the first alternative.</summary>
/// <param name="milliseconds">Its time in each round.</param>
/// <param name="baseline">The first alternative's time in each round.</param>
internal sealed class TimedAlternative(IReadOnlyList<double> milliseconds, IReadOnlyList<double> baseline)
{
    private readonly double[] _times = [.. milliseconds.Order()];
    private readonly double[] _speeds = [.. milliseconds.Zip(baseline, (own, first) => first / own).Order()];

    /// <summary>How many rounds there were.</summary>
    public int Rounds => _times.Length;

    /// <summary>The median time.</summary>
    public string Milliseconds => Quantile(_times, 0.5).ToString("F2", CultureInfo.InvariantCulture);

    /// <summary>How many times as fast as the first: the median over the rounds, and from the 10th to the 90th of 100.</summary>
    public string Speed => string.Create(CultureInfo.InvariantCulture, $"**{Quantile(_speeds, 0.5):F2}** ({Quantile(_speeds, 0.1):F2}–{Quantile(_speeds, 0.9):F2})");

    private static double Quantile(double[] sorted, double share) => sorted[(int)Math.Round(share * (sorted.Length - 1))];
}
