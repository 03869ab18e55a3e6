using System.Buffers;

namespace KeypointMl.Imaging.Images;

/// <summary>
/// For each output pixel of one axis, the run of source pixels it is made of and their weights. A triangle filter whose
/// half-width is max(1, scale) source pixels: bilinear interpolation when enlarging, an antialiased mean when
/// shrinking, the identity at scale 1. Source pixels outside the image take the weight of the edge pixel, which is
/// edge-replicate padding.
/// </summary>
internal readonly struct AxisFilter : IDisposable
{
    private readonly int[] starts;
    private readonly float[] weights;
    private readonly int stride;

    /// <param name="start">The box's X or Y: the centre of its first pixel.</param>
    /// <param name="length">The box's Width or Height.</param>
    /// <param name="outputs">Number of output pixels.</param>
    /// <param name="sourceSize">Number of source pixels along the axis.</param>
    internal AxisFilter(double start, double length, int outputs, int sourceSize)
    {
        double scale = length / outputs;
        double support = Math.Max(1, scale);
        stride = Math.Min((int)Math.Ceiling(2 * support) + 1, sourceSize);
        starts = ArrayPool<int>.Shared.Rent(outputs + 1);
        weights = ArrayPool<float>.Shared.Rent(outputs * stride);
        weights.AsSpan(0, outputs * stride).Clear();
        First = sourceSize;
        End = 0;
        for (int u = 0; u < outputs; u++)
        {
            // Box.FromCrop: the output pixel's centre in the source.
            double centre = (u + 0.5) * scale - 0.5 + start;
            long low = (long)Math.Floor(centre - support) + 1;
            long high = (long)Math.Ceiling(centre + support) - 1;
            int first = (int)Math.Clamp(low, 0, sourceSize - 1);
            int last = (int)Math.Clamp(high, 0, sourceSize - 1);
            Span<float> taps = weights.AsSpan(u * stride, stride);
            double sum = 0;
            for (long i = low; i <= high; i++)
                sum += 1 - Math.Abs(i - centre) / support;
            for (long i = low; i <= high; i++)
                taps[(int)Math.Clamp(i, first, last) - first] += (float)((1 - Math.Abs(i - centre) / support) / sum);
            starts[u] = first;
            First = Math.Min(First, first);
            End = Math.Max(End, last + 1);
        }
    }

    /// <summary>The first source pixel that has a weight.</summary>
    internal int First { get; }

    /// <summary>One past the last source pixel that may have a weight.</summary>
    internal int End { get; }

    /// <summary>The first source pixel and the weights, some of them zero, of output pixel <paramref name="output"/>.</summary>
    internal ReadOnlySpan<float> Taps(int output, out int firstSource)
    {
        firstSource = starts[output];
        ReadOnlySpan<float> taps = weights.AsSpan(output * stride, Math.Min(stride, End - firstSource));
        return taps[..(taps.LastIndexOfAnyExcept(0f) + 1)];
    }

    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(starts);
        ArrayPool<float>.Shared.Return(weights);
    }
}
