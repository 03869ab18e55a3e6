namespace KeypointMl.Onnx.Quantization;

/// <summary>
/// Counts values in bins of equal width over [−2ᵉ, 2ᵉ), whatever their number, in constant memory. When a value does
/// not fit, e grows and neighbouring bins merge: since every width is a power of two and 0 lies between two bins, the
/// result is that of one look at all values, in any order and in any batches.
/// </summary>
internal sealed class ActivationHistogram
{
    /// <summary>
    /// Bins on each side of 0. Values reach beyond half of the range, so that at least half as many are in use: 8 to 16
    /// for each step of an 8-bit range.
    /// </summary>
    public const int HalfBins = 4096;

    private const int Unset = int.MinValue;
    private long[] bins = new long[2 * HalfBins];
    private int exponent = Unset;

    /// <summary>How many values were counted.</summary>
    public long Count { get; private set; }

    /// <summary>The smallest value.</summary>
    public float Min { get; private set; } = float.PositiveInfinity;

    /// <summary>The largest value.</summary>
    public float Max { get; private set; } = float.NegativeInfinity;

    /// <summary>Counts by bin; bin i holds the values of [(i − <see cref="HalfBins"/>)·width, … + width).</summary>
    public ReadOnlySpan<long> Bins => bins;

    /// <summary>The width of a bin; 0 while every value is 0.</summary>
    public double BinWidth => exponent == Unset ? 0 : Math.ScaleB(1.0 / HalfBins, exponent);

    /// <summary>Counts values.</summary>
    /// <returns>Whether all are finite; if not, nothing was counted.</returns>
    public bool TryAdd(ReadOnlySpan<float> values)
    {
        (float min, float max) = (Min, Max);
        bool finite = true;
        foreach (float value in values)
        {
            finite &= float.IsFinite(value);
            min = MathF.Min(min, value);
            max = MathF.Max(max, value);
        }
        if (!finite)
            return false;
        if (values.IsEmpty)
            return true;
        (Min, Max, Count) = (min, max, Count + values.Length);
        GrowTo(MathF.Max(MathF.Abs(min), MathF.Abs(max)));
        double inverse = exponent == Unset ? 0 : 1 / BinWidth;
        foreach (float value in values)
            bins[(int)Math.Floor(value * inverse) + HalfBins]++;
        return true;
    }

    private void GrowTo(float largest)
    {
        if (largest == 0)
            return;
        int exponent = Math.ILogB(largest) + 1;
        if (exponent <= this.exponent)
            return;
        // Zeros counted before the first other value lie in the bin that starts at 0, whatever its width.
        int shift = this.exponent == Unset ? 0 : Math.Min(exponent - this.exponent, 31);
        this.exponent = exponent;
        var merged = new long[bins.Length];
        for (int index = 0; index < bins.Length; index++)
            merged[((index - HalfBins) >> shift) + HalfBins] += bins[index];
        bins = merged;
    }
}
