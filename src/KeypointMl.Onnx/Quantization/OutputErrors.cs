namespace KeypointMl.Onnx.Quantization;

/// <summary>Measures of the difference between two outputs, in the output's own unit.</summary>
public static class OutputErrors
{
    /// <summary>The mean of the absolute differences.</summary>
    /// <param name="original">The original's elements.</param>
    /// <param name="quantized">As many of the quantised model.</param>
    /// <exception cref="ArgumentException">The lengths differ or are 0.</exception>
    public static double MeanAbsolute(ReadOnlySpan<float> original, ReadOnlySpan<float> quantized)
    {
        Check(original, quantized);
        double sum = 0;
        for (int index = 0; index < original.Length; index++)
            sum += Math.Abs((double)original[index] - quantized[index]);
        return sum / original.Length;
    }

    /// <summary>The largest absolute difference.</summary>
    /// <param name="original">The original's elements.</param>
    /// <param name="quantized">As many of the quantised model.</param>
    /// <exception cref="ArgumentException">The lengths differ or are 0.</exception>
    public static double MaxAbsolute(ReadOnlySpan<float> original, ReadOnlySpan<float> quantized)
    {
        Check(original, quantized);
        double largest = 0;
        for (int index = 0; index < original.Length; index++)
            largest = Math.Max(largest, Math.Abs((double)original[index] - quantized[index]));
        return largest;
    }

    private static void Check(ReadOnlySpan<float> original, ReadOnlySpan<float> quantized)
    {
        if (original.IsEmpty || original.Length != quantized.Length)
        {
            throw new ArgumentException(
                $"Expected two outputs of the same length, at least 1; found {original.Length} and {quantized.Length} elements.");
        }
    }
}
