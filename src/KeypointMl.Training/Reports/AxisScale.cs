namespace KeypointMl.Training.Reports;

/// <summary>An axis with round ticks: steps of 1, 2 or 5 times a power of ten.</summary>
internal sealed class AxisScale
{
    private readonly double low;
    private readonly double high;

    /// <summary>An axis that covers [<paramref name="low"/>, <paramref name="high"/>], both finite, with about so many ticks.</summary>
    public AxisScale(double low, double high, int ticks)
    {
        if (high <= low)
            high = low + Math.Max(1e-12, Math.Abs(low));
        double raw = (high - low) / ticks;
        double power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        double step = power * ((raw / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 });
        // The hair's breadth keeps 0.21 / 0.01, which is a little less than 21, from starting the axis at 0.20.
        this.low = Math.Min(low, Math.Floor(low / step + 1e-9) * step);
        this.high = high;
        int count = (int)Math.Floor((high - this.low) / step + 1e-9);
        Ticks = [.. Enumerable.Range(0, count + 1).Select(i => Math.Round(this.low / step + i) * step)];
    }

    /// <summary>Where to mark the axis.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>0 at the axis' start, 1 at its end.</summary>
    public double Fraction(double value) => (value - low) / (high - low);
}
