namespace KeypointMl.Onnx.Quantization;

/// <summary>Chooses the range of an activation from its histogram.</summary>
internal static class RangeEstimator
{
    /// <summary>The range by the options' method; 0 is always in it.</summary>
    public static ActivationRange Estimate(ActivationHistogram histogram, OnnxQuantizationOptions options) => options.Calibration switch
    {
        CalibrationMethod.MinMax => ActivationRange.Around(histogram.Min, histogram.Max),
        CalibrationMethod.Percentile => Central(histogram, options.Percentile / 100),
        _ => EntropyRange.Find(histogram),
    };

    // The range that holds a share of the values, with as many cut off on either side.
    private static ActivationRange Central(ActivationHistogram histogram, double share)
    {
        double cut = (1 - share) / 2;
        return ActivationRange.Around(Quantile(histogram, cut), Quantile(histogram, 1 - cut));
    }

    // The number that a share of the values lies below, taken to be spread evenly inside a bin.
    private static float Quantile(ActivationHistogram histogram, double share)
    {
        double target = share * histogram.Count;
        double below = 0;
        ReadOnlySpan<long> bins = histogram.Bins;
        for (int index = 0; index < bins.Length; index++)
        {
            if (bins[index] > 0 && below + bins[index] >= target)
            {
                double value = (index - ActivationHistogram.HalfBins + ((target - below) / bins[index])) * histogram.BinWidth;
                return Math.Clamp((float)value, histogram.Min, histogram.Max);
            }
            below += bins[index];
        }
        return histogram.Max;
    }
}
