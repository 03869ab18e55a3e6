namespace KeypointMl.Onnx.TorchSharp.Tracing.Guessing;

/// <summary>Pooling and resampling of the last two dimensions.</summary>
internal static class PlaneGuesses
{
    private static readonly int[] Kernels = [2, 3, 4, 5, 7];

    public static IEnumerable<Guess> About(KnownTensor x, KnownTensor wanted)
    {
        int rank = x.Shape.Length;
        if (!x.IsFloatingPoint || rank is not (3 or 4) || wanted.Shape.Length != rank)
            return [];
        if (!x.Shape.AsSpan()[..^2].SequenceEqual(wanted.Shape.AsSpan()[..^2]))
            return [];
        var source = new Plane((int)x.Shape[^2], (int)x.Shape[^1]);
        var target = new Plane((int)wanted.Shape[^2], (int)wanted.Shape[^1]);
        return Pooled(x, source, target).Concat(source == target ? [] : Resampled(x, source, target));
    }

    private static IEnumerable<Guess> Pooled(KnownTensor x, Plane source, Plane target)
    {
        var placed =
            from kernel in Kernels
            from stride in Enumerable.Range(1, kernel)
            from padding in Enumerable.Range(0, (kernel / 2) + 1)
            where Places(source.Height, kernel, stride, padding) == target.Height
                && Places(source.Width, kernel, stride, padding) == target.Width
            select new PlacedKernel(kernel, stride, padding);
        foreach (PlacedKernel window in placed)
        {
            string how = $"(kernel {window.Kernel}, stride {window.Stride}, padding {window.Padding})";
            yield return new Guess(
                $"torch.max_pool2d of {{0}} {how}", "MaxPool2d or Functional.max_pool2d", [x],
                values => index => Pool(values[0], index, source, target, window, average: false));
            yield return new Guess(
                $"torch.avg_pool2d of {{0}} {how}", "AvgPool2d or Functional.avg_pool2d", [x],
                values => index => Pool(values[0], index, source, target, window, average: true));
        }
    }

    private static int Places(int size, int kernel, int stride, int padding) =>
        size + (2 * padding) < kernel ? 0 : ((size + (2 * padding) - kernel) / stride) + 1;

    private static double Pool(double[] values, int index, Plane source, Plane target, PlacedKernel window, bool average)
    {
        (int start, int row, int column) = target.Place(index, source);
        double result = average ? 0 : double.NegativeInfinity;
        for (int dy = 0; dy < window.Kernel; dy++)
        {
            for (int dx = 0; dx < window.Kernel; dx++)
            {
                int y = (row * window.Stride) - window.Padding + dy;
                int x = (column * window.Stride) - window.Padding + dx;
                if (y < 0 || y >= source.Height || x < 0 || x >= source.Width)
                    continue;
                double value = values[start + (y * source.Width) + x];
                result = average ? result + value : Math.Max(result, value);
            }
        }
        return average ? result / (window.Kernel * window.Kernel) : result;
    }

    private static IEnumerable<Guess> Resampled(KnownTensor x, Plane source, Plane target)
    {
        const string Use = "Upsample, Interpolate or Functional.interpolate";
        yield return new Guess(
            "torch.nn.functional.interpolate of {0} (nearest)", Use, [x], values => index => Nearest(values[0], index, source, target));
        foreach (bool align in (bool[])[false, true])
        {
            string how = align ? "bilinear, align_corners" : "bilinear";
            yield return new Guess(
                $"torch.nn.functional.interpolate of {{0}} ({how})", Use, [x],
                values => index => Bilinear(values[0], index, source, target, align));
        }
        yield return new Guess(
            $"torch.nn.functional.adaptive_avg_pool2d of {{0}} to {target.Height}×{target.Width}",
            "AdaptiveAvgPool2d or Functional.adaptive_avg_pool2d",
            [x],
            values => index => Adaptive(values[0], index, source, target));
    }

    private static double Nearest(double[] values, int index, Plane source, Plane target)
    {
        (int start, int row, int column) = target.Place(index, source);
        return values[start + (Share(row, source.Height, target.Height) * source.Width) + Share(column, source.Width, target.Width)];
    }

    private static double Bilinear(double[] values, int index, Plane source, Plane target, bool align)
    {
        (int start, int row, int column) = target.Place(index, source);
        double y = Source(row, source.Height, target.Height, align);
        double x = Source(column, source.Width, target.Width, align);
        int top = (int)y;
        int left = (int)x;
        int bottom = Math.Min(top + 1, source.Height - 1);
        int right = Math.Min(left + 1, source.Width - 1);
        return Between(Row(top), Row(bottom), y - top);

        double Row(int line)
        {
            int first = start + (line * source.Width);
            return Between(values[first + left], values[first + right], x - left);
        }
    }

    private static double Between(double one, double two, double share) => (one * (1 - share)) + (two * share);

    private static double Source(int place, int source, int target, bool align) =>
        align ? (target == 1 ? 0 : (double)place * (source - 1) / (target - 1)) : Math.Max(0, ((place + 0.5) * source / target) - 0.5);

    private static int Share(int place, int size, int wanted, bool up = false) =>
        (int)((((long)place * size) + (up ? wanted - 1 : 0)) / wanted);

    private static double Adaptive(double[] values, int index, Plane source, Plane target)
    {
        (int start, int row, int column) = target.Place(index, source);
        (int top, int bottom) = (Share(row, source.Height, target.Height), Share(row + 1, source.Height, target.Height, up: true));
        (int left, int right) = (Share(column, source.Width, target.Width), Share(column + 1, source.Width, target.Width, up: true));
        double sum = 0;
        for (int y = top; y < bottom; y++)
        {
            for (int x = left; x < right; x++)
                sum += values[start + (y * source.Width) + x];
        }
        return sum / ((bottom - top) * (right - left));
    }

    private readonly record struct PlacedKernel(int Kernel, int Stride, int Padding);

    private readonly record struct Plane(int Height, int Width)
    {
        /// <summary>Where an element of this plane is, and where the plane that it is computed from starts.</summary>
        public (int Start, int Row, int Column) Place(int index, Plane source) =>
            (index / (Height * Width) * source.Height * source.Width, index / Width % Height, index % Width);
    }
}
