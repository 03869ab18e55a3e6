using KeypointMl.Onnx.TorchSharp.Emitting;
using KeypointMl.Onnx.TorchSharp.Ops;

namespace KeypointMl.Onnx.TorchSharp.Tracing.Guessing;

/// <summary>Arithmetic and products of two tensors, and tensors joined.</summary>
internal static class PairGuesses
{
    private static readonly (string Sign, string Use, Func<double, double, double> Apply)[] Operations =
    [
        ("+", $"{nameof(Add)} or Functional.add", (left, right) => left + right),
        ("−", nameof(Subtract), (left, right) => left - right),
        ("·", $"{nameof(Multiply)} or Functional.mul", (left, right) => left * right),
        ("/", nameof(Divide), (left, right) => left / right),
    ];

    public static IEnumerable<Guess> About(KnownTensor left, KnownTensor right, KnownTensor wanted)
    {
        foreach ((string sign, string use, Func<double, double, double> apply) in Operations)
        {
            if ((sign != "/" || left.IsFloatingPoint) && Combine(left, right, wanted, apply) is { } compute)
                yield return new Guess($"{{0}} {sign} {{1}}", use, [left, right], compute);
        }
        if (Product(left, right, wanted) is { } product)
            yield return new Guess("torch.matmul of {0} and {1}", $"{nameof(MatrixMultiply)} or Functional.matmul", [left, right], product);
    }

    /// <summary>The end of a residual block.</summary>
    public static IEnumerable<Guess> RectifiedSums(KnownTensor left, KnownTensor right, KnownTensor wanted)
    {
        if (left.IsFloatingPoint && Combine(left, right, wanted, (one, two) => Activations.Relu(one + two)) is { } compute)
        {
            yield return new Guess(
                "torch.relu of the sum of {0} and {1}", "Functional.add and Functional.relu, or Add and ReLU", [left, right], compute);
        }
    }

    /// <summary>Any number of known tensors side by side.</summary>
    public static IEnumerable<Guess> Joined(IReadOnlyList<KnownTensor> known, KnownTensor wanted)
    {
        for (int axis = 0; axis < wanted.Shape.Length; axis++)
        {
            int dim = axis;
            List<(KnownTensor Part, long First)> parts = Parts(known, wanted, dim);
            if (parts.Count < 2)
                continue;
            string names = string.Join(" and ", parts.Select((_, index) => $"{{{index}}}"));
            yield return new Guess(
                $"torch.cat of {names} along dimension {dim}",
                $"{nameof(Concat)}, {nameof(ConcatAll)} or Functional.cat",
                [.. parts.Select(part => part.Part)],
                values => index => Joint(values, parts, index, wanted, dim));
        }
    }

    private static double Joint(double[][] values, List<(KnownTensor Part, long First)> parts, int index, KnownTensor wanted, int axis)
    {
        long place = index / Strided.Steps(wanted.Shape)[axis] % wanted.Shape[axis];
        int which = parts.FindLastIndex(part => part.First <= place);
        long[] steps = Strided.Steps(parts[which].Part.Shape);
        return values[which][Strided.At(index, wanted.Shape, steps, -parts[which].First * steps[axis])];
    }

    // Parts that hold one number alone could be padding.
    private static List<(KnownTensor Part, long First)> Parts(IReadOnlyList<KnownTensor> known, KnownTensor wanted, int axis)
    {
        var parts = new List<(KnownTensor Part, long First)>();
        long first = 0;
        while (first < wanted.Shape[axis])
        {
            if (known.FirstOrDefault(part => FitsAt(part, first, wanted, axis)) is not { } found)
                return [];
            parts.Add((found, first));
            first += found.Shape[axis];
        }
        return parts;
    }

    private static bool FitsAt(KnownTensor part, long first, KnownTensor wanted, int axis)
    {
        if (part.Shape.Length != wanted.Shape.Length || first + part.Shape[axis] > wanted.Shape[axis])
            return false;
        if (!part.Values.AsSpan().ContainsAnyExcept(part.Values[0]))
            return false;
        for (int other = 0; other < part.Shape.Length; other++)
        {
            if (other != axis && part.Shape[other] != wanted.Shape[other])
                return false;
        }
        long[] steps = Strided.Steps(wanted.Shape);
        for (int index = 0; index < part.Values.Length; index++)
        {
            if (!part.Values[index].Equals(wanted.Values[Strided.At(index, part.Shape, steps, first * steps[axis])]))
                return false;
        }
        return true;
    }

    private static Func<double[][], Func<int, double>>? Combine(
        KnownTensor left, KnownTensor right, KnownTensor wanted, Func<double, double, double> apply)
    {
        if (Strided.Common(left.Shape, right.Shape) is not { } common || !common.AsSpan().SequenceEqual(wanted.Shape))
            return null;
        (long[] leftSteps, long[] rightSteps) = (Strided.Broadcast(left.Shape, common)!, Strided.Broadcast(right.Shape, common)!);
        return values => index => apply(values[0][Strided.At(index, common, leftSteps)], values[1][Strided.At(index, common, rightSteps)]);
    }

    private static Func<double[][], Func<int, double>>? Product(KnownTensor left, KnownTensor right, KnownTensor wanted)
    {
        if (left.Shape.Length < 2 || right.Shape.Length < 2 || left.Shape[^1] != right.Shape[^2])
            return null;
        if (Strided.Common(left.Shape.AsSpan()[..^2], right.Shape.AsSpan()[..^2]) is not { } stack)
            return null;
        long[] shape = [.. stack, left.Shape[^2], right.Shape[^1]];
        if (!shape.AsSpan().SequenceEqual(wanted.Shape))
            return null;
        int inner = (int)left.Shape[^1];
        int columns = (int)right.Shape[^1];
        long[] leftSteps = [.. Stacked(left.Shape, stack), inner, 0];
        long[] rightSteps = [.. Stacked(right.Shape, stack), 0, 1];
        return values => index =>
        {
            int one = Strided.At(index, shape, leftSteps);
            int two = Strided.At(index, shape, rightSteps);
            double sum = 0;
            for (int place = 0; place < inner; place++)
                sum += values[0][one + place] * values[1][two + (place * columns)];
            return sum;
        };
    }

    private static IEnumerable<long> Stacked(long[] shape, long[] stack) =>
        Strided.Broadcast(shape[..^2], stack)!.Select(step => step * shape[^2] * shape[^1]);
}
