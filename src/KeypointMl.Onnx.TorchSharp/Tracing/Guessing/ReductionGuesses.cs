using KeypointMl.Onnx.TorchSharp.Emitting;
using KeypointMl.Onnx.TorchSharp.Ops;

namespace KeypointMl.Onnx.TorchSharp.Tracing.Guessing;

/// <summary>Means, sums and maxima over dimensions.</summary>
internal static class ReductionGuesses
{
    public static IEnumerable<Guess> About(KnownTensor x, KnownTensor wanted)
    {
        if (x.Values.Length <= wanted.Values.Length)
            yield break;
        IEnumerable<int[]> planes = x.Shape.Length == 4 ? [[2, 3]] : [];
        foreach (int[] dims in Enumerable.Range(0, x.Shape.Length).Select(axis => (int[])[axis]).Concat(planes))
        {
            if (!Fits(x.Shape, dims, wanted.Shape))
                continue;
            string over = $"over dimension{(dims.Length > 1 ? "s" : "")} {string.Join(" and ", dims)}";
            if (x.IsFloatingPoint)
            {
                yield return new Guess(
                    $"the mean of {{0}} {over}", nameof(Mean), [x],
                    values => Reduce(values[0], x.Shape, dims, (sum, value) => sum + value, 0, mean: true));
            }
            yield return new Guess(
                $"the sum of {{0}} {over}", nameof(Sum), [x],
                values => Reduce(values[0], x.Shape, dims, (sum, value) => sum + value, 0, mean: false));
            yield return new Guess(
                $"the maximum of {{0}} {over}", nameof(Maximum), [x],
                values => Reduce(values[0], x.Shape, dims, Math.Max, double.NegativeInfinity, mean: false));
        }
    }

    private static bool Fits(long[] shape, int[] dims, long[] wanted) =>
        wanted.AsSpan().SequenceEqual((long[])[.. shape.Where((_, axis) => !dims.Contains(axis))])
        || wanted.AsSpan().SequenceEqual((long[])[.. shape.Select((size, axis) => dims.Contains(axis) ? 1 : size)]);

    private static Func<int, double> Reduce(
        double[] values, long[] shape, int[] dims, Func<double, double, double> add, double start, bool mean)
    {
        long[] steps = Strided.Steps(shape);
        int[] kept = [.. Enumerable.Range(0, shape.Length).Where(axis => !dims.Contains(axis))];
        (long[] keptShape, long[] keptSteps) = ([.. kept.Select(axis => shape[axis])], [.. kept.Select(axis => steps[axis])]);
        (long[] innerShape, long[] innerSteps) = ([.. dims.Select(axis => shape[axis])], [.. dims.Select(axis => steps[axis])]);
        int count = (int)innerShape.Aggregate(1L, (product, size) => product * size);
        return index =>
        {
            int origin = Strided.At(index, keptShape, keptSteps);
            double result = start;
            for (int inner = 0; inner < count; inner++)
                result = add(result, values[Strided.At(inner, innerShape, innerSteps, origin)]);
            return mean ? result / count : result;
        };
    }
}
