namespace KeypointMl.Onnx.Quantization;

/// <summary>
/// Finds the range that loses the least information in 256 steps (<see cref="CalibrationMethod.Entropy"/>): windows
/// around 0, or from 0 where all values have one sign, are tried from 256 bins up to all of them.
/// </summary>
internal static class EntropyRange
{
    /// <summary>The number of steps of an 8-bit range.</summary>
    public const int Levels = 256;

    private const int WindowStep = 8;

    // A bin that one of the distributions lacks counts as this many values, as in ONNX Runtime's calibrator: the divergence stays finite.
    private const double Smoothing = 1e-4;

    /// <summary>The best range.</summary>
    public static ActivationRange Find(ActivationHistogram histogram)
    {
        if (histogram.BinWidth == 0)
            return default;
        long[] bins = [.. histogram.Bins];
        // The zeros that Relu makes are exact in every range, and their spike would drown all that tells one range from
        // another. Theirs is made a bin like its neighbour, as in NVIDIA's calibrator.
        bins[ActivationHistogram.HalfBins] = bins[ActivationHistogram.HalfBins + 1];
        int below = 0;
        while (below < ActivationHistogram.HalfBins && bins[below] == 0)
            below++;
        below = ActivationHistogram.HalfBins - below;
        int above = ActivationHistogram.HalfBins;
        while (above > 0 && bins[ActivationHistogram.HalfBins + above - 1] == 0)
            above--;

        bool twoSided = below > 0 && above > 0;
        int largest = Math.Max(below, above);
        var window = new Window(2 * ActivationHistogram.HalfBins);
        (double least, int best) = (double.PositiveInfinity, largest);
        for (int half = twoSided ? Levels / 2 : Levels; half <= largest; half += WindowStep)
        {
            int start = ActivationHistogram.HalfBins - (below > 0 ? half : 0);
            int end = ActivationHistogram.HalfBins + (above > 0 ? half : 0);
            double divergence = window.Divergence(bins, start, end);
            if (divergence < least)
                (least, best) = (divergence, half);
        }
        float reach = (float)(best * histogram.BinWidth);
        return ActivationRange.Around(MathF.Max(-reach, histogram.Min), MathF.Min(reach, histogram.Max));
    }

    /// <summary>Memory for one window after the other.</summary>
    private sealed class Window(int capacity)
    {
        private readonly double[] reference = new double[capacity];
        private readonly double[] quantized = new double[capacity];

        /// <summary>
        /// The divergence of the bins [start, end), everything outside counted into the first and last of them, from
        /// the same in 256 steps.
        /// </summary>
        public double Divergence(ReadOnlySpan<long> bins, int start, int end)
        {
            int size = end - start;
            Span<double> reference = this.reference.AsSpan(0, size);
            Span<double> quantized = this.quantized.AsSpan(0, size);
            for (int index = 0; index < size; index++)
                reference[index] = bins[start + index];
            reference[0] += Sum(bins[..start]);
            reference[^1] += Sum(bins[end..]);
            for (int level = 0; level < Levels; level++)
            {
                int from = level * size / Levels;
                int to = (level + 1) * size / Levels;
                // A step's values spread evenly over those of its bins that hold any.
                int used = 0;
                foreach (double count in reference[from..to])
                    used += count != 0 ? 1 : 0;
                double share = used == 0 ? 0 : (double)Sum(bins[(start + from)..(start + to)]) / used;
                for (int index = from; index < to; index++)
                    quantized[index] = reference[index] != 0 ? share : 0;
            }
            return Smooth(reference) && Smooth(quantized) ? KullbackLeibler(reference, quantized) : double.PositiveInfinity;
        }

        private static long Sum(ReadOnlySpan<long> counts)
        {
            long sum = 0;
            foreach (long count in counts)
                sum += count;
            return sum;
        }

        // Gives every empty bin a little, taken evenly from the others.
        private static bool Smooth(Span<double> counts)
        {
            int empty = counts.Count(0.0);
            if (empty == counts.Length)
                return false;
            double taken = Smoothing * empty / (counts.Length - empty);
            foreach (ref double count in counts)
                count = count == 0 ? Smoothing : count - taken;
            return taken < 1;
        }

        private static double KullbackLeibler(ReadOnlySpan<double> reference, ReadOnlySpan<double> quantized)
        {
            (double total, double quantizedTotal, double sum) = (0, 0, 0);
            for (int index = 0; index < reference.Length; index++)
            {
                total += reference[index];
                quantizedTotal += quantized[index];
                if (reference[index] <= 0 || quantized[index] <= 0)
                    return double.PositiveInfinity;
                sum += reference[index] * Math.Log(reference[index] / quantized[index]);
            }
            return (sum / total) + Math.Log(quantizedTotal / total);
        }
    }
}
