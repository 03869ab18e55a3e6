namespace KeypointMl.Imaging.Subjects;

/// <summary>
/// Planes of frames from all over a video, freed of changes of the light as a whole: what the ground and its noise are learnt
/// from.
/// </summary>
internal sealed class GroundSamples
{
    private const int DarkestForGain = 24;
    private const int GainStride = 7;
    private const int GainPixels = 500;
    // The noise of a normal distribution is 1.4826 times the median absolute deviation.
    private const float NoiseOfDeviation = 1.4826f;
    private const float NoiseFactor = 5;
    private const float LeastThreshold = 8;

    private readonly byte[][] planes;

    /// <param name="samples">[h,w] grey levels each.</param>
    /// <param name="threads">How many threads compute; 0: as many as there are processors.</param>
    internal GroundSamples(IReadOnlyList<byte[]> samples, int threads)
    {
        Parallelism = new ParallelOptions { MaxDegreeOfParallelism = threads > 0 ? threads : -1 };
        planes = [.. samples];
        byte[] median = Quantile(0.5);
        for (int i = 0; i < planes.Length; i++)
            planes[i] = Relight(planes[i], median);
    }

    internal IReadOnlyList<byte[]> Planes => planes;

    /// <summary>On how many threads is computed.</summary>
    internal ParallelOptions Parallelism { get; }

    /// <summary>The standard deviation of the whole's noise in grey levels, once the thresholds are known.</summary>
    internal float Noise { get; private set; }

    /// <summary>Each pixel's quantile over the samples.</summary>
    internal byte[] Quantile(double part)
    {
        byte[] result = new byte[planes[0].Length];
        int index = (int)Math.Round(part * (planes.Length - 1));
        ForEachPixel((i, values) =>
        {
            values.Sort();
            result[i] = values[index];
        });
        return result;
    }

    /// <summary>
    /// Thresholds of differences: five standard deviations of each pixel's noise, or of the noise of the whole, whichever is
    /// larger; at least 8 grey levels.
    /// </summary>
    /// <param name="median">Each pixel's median.</param>
    internal byte[] NoiseThresholds(byte[] median)
    {
        byte[] deviations = new byte[median.Length];
        ForEachPixel((i, values) =>
        {
            for (int k = 0; k < values.Length; k++)
                values[k] = (byte)Math.Abs(values[k] - median[i]);
            values.Sort();
            deviations[i] = values[values.Length / 2];
        });
        float common = NoiseOfDeviation * TrimmedMean(deviations);
        Noise = common;
        // Where subjects often are, their coming and going is not taken for noise.
        float most = 3 * common + 2;
        return Array.ConvertAll(
            deviations,
            deviation => (byte)Math.Clamp(NoiseFactor * Math.Clamp(NoiseOfDeviation * deviation, common, most), LeastThreshold, 254));
    }

    private static float TrimmedMean(byte[] values)
    {
        byte[] sorted = [.. values];
        Array.Sort(sorted);
        return (float)sorted.Take(Math.Max(1, sorted.Length * 3 / 4)).Average(value => (double)value);
    }

    private static byte[] Relight(byte[] plane, byte[] median)
    {
        var ratios = new List<float>();
        for (int i = 0; i < plane.Length; i += GainStride)
        {
            if (median[i] >= DarkestForGain)
                ratios.Add(plane[i] / (float)median[i]);
        }
        if (ratios.Count < GainPixels)
            return plane;
        ratios.Sort();
        float gain = Math.Max(0.1f, ratios[ratios.Count / 2]);
        return Array.ConvertAll(plane, level => (byte)Math.Clamp(level / gain + 0.5f, 0, 255));
    }

    private delegate void PixelAction(int index, Span<byte> values);

    private void ForEachPixel(PixelAction action)
    {
        const int Block = 4096;
        int length = planes[0].Length;
        Parallel.For(0, (length + Block - 1) / Block, Parallelism, block =>
        {
            Span<byte> values = stackalloc byte[planes.Length];
            for (int i = block * Block; i < Math.Min(length, (block + 1) * Block); i++)
            {
                for (int k = 0; k < values.Length; k++)
                    values[k] = planes[k][i];
                action(i, values);
            }
        });
    }
}
