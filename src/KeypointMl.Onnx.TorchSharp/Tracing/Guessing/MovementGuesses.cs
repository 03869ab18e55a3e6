using KeypointMl.Onnx.TorchSharp.Emitting;
using KeypointMl.Onnx.TorchSharp.Ops;

namespace KeypointMl.Onnx.TorchSharp.Tracing.Guessing;

/// <summary>The same numbers elsewhere: shapes, permutations, slices.</summary>
internal static class MovementGuesses
{
    public const string Unchanged =
        "a copy of {0}, as forward() in place of call(), clone, detach, dropout in evaluation mode "
        + "or another operation that changes nothing here gives";

    public static IEnumerable<Guess> Copies(KnownTensor x, KnownTensor wanted) =>
        x.Shape.AsSpan().SequenceEqual(wanted.Shape) ? [new Guess(Unchanged, null, [x], values => index => values[0][index])] : [];

    public static IEnumerable<Guess> About(KnownTensor x, KnownTensor wanted)
    {
        int rank = x.Shape.Length;
        if (x.Values.Length == wanted.Values.Length)
        {
            if (!x.Shape.AsSpan().SequenceEqual(wanted.Shape))
            {
                yield return new Guess(
                    "{0} under another shape", $"{nameof(Reshape)}, Flatten, Unflatten or Functional.flatten", [x],
                    values => index => values[0][index]);
            }
            foreach (int[] order in rank == wanted.Shape.Length && rank is > 1 and < 6 ? Permutations([.. Enumerable.Range(0, rank)]) : [])
            {
                long[] own = Strided.Steps(x.Shape);
                if (order.Select(axis => x.Shape[axis]).SequenceEqual(wanted.Shape))
                {
                    yield return new Guess(
                        $"{{0}} with its dimensions in the order ({string.Join(", ", order)})", nameof(Permute), [x],
                        values => Strided.Read(values[0], wanted.Shape, [.. order.Select(axis => own[axis])]));
                }
            }
        }
        if (x.Values.Length > wanted.Values.Length && rank == wanted.Shape.Length)
        {
            foreach (Guess guess in Slices(x, wanted))
                yield return guess;
        }
    }

    private static IEnumerable<Guess> Slices(KnownTensor x, KnownTensor wanted)
    {
        int[] shorter = [.. Enumerable.Range(0, x.Shape.Length).Where(dim => x.Shape[dim] != wanted.Shape[dim])];
        if (shorter is not [int axis] || wanted.Shape[axis] > x.Shape[axis])
            yield break;
        long[] steps = Strided.Steps(x.Shape);
        long length = wanted.Shape[axis];
        for (long start = 0; start + length <= x.Shape[axis]; start++)
        {
            long first = start;
            yield return new Guess(
                $"elements {first} to {first + length - 1} of dimension {axis} of {{0}}", nameof(Slice), [x], values =>
                    Strided.Read(values[0], wanted.Shape, steps, first * steps[axis]));
        }
    }

    private static IEnumerable<int[]> Permutations(int[] items) => items.Length <= 1
        ? [items]
        : items.SelectMany(
            (item, index) => Permutations([.. items[..index], .. items[(index + 1)..]]).Select(rest => (int[])[item, .. rest]));
}
