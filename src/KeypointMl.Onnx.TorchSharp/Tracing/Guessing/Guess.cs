namespace KeypointMl.Onnx.TorchSharp.Tracing.Guessing;

/// <summary>An operation that may have made a tensor.</summary>
/// <param name="Operation">The operation for a reader; {0}, {1}… stand for its operands.</param>
/// <param name="Use">What replaces it; null where nothing does.</param>
/// <param name="Operands">What it is applied to.</param>
/// <param name="Compute">From the operands' numbers to the result's elements by their place in row-major order.</param>
internal sealed record Guess(
    string Operation, string? Use, IReadOnlyList<KnownTensor> Operands, Func<double[][], Func<int, double>> Compute)
{
    // Sums of 32-bit numbers in another order differ by some 1e-7 of the largest.
    private const double Tolerance = 1e-5;
    private const int Compared = 512;

    /// <summary>Whether the operation gives a tensor's values.</summary>
    /// <param name="wanted">The tensor, of the shape that the operation gives.</param>
    public bool Gives(KnownTensor wanted)
    {
        Func<int, double> element = Compute([.. Operands.Select(operand => operand.Values)]);
        for (int index = 0; index < wanted.Values.Length; index++)
        {
            if (!Agree(element(index), wanted.Values[index], wanted.Scale))
                return false;
        }
        return true;
    }

    /// <summary>
    /// Whether both compute the same from any numbers, as far as some hundred elements of one other choice of numbers
    /// show.
    /// </summary>
    /// <param name="other">Another guess about the same tensor.</param>
    /// <param name="count">How many elements the result has.</param>
    public bool IsSameFunctionAs(Guess other, int count)
    {
        Func<int, double> one = Compute([.. Operands.Select(operand => operand.Others)]);
        Func<int, double> two = other.Compute([.. other.Operands.Select(operand => operand.Others)]);
        int step = Math.Max(1, count / Compared);
        for (int index = 0; index < count; index += step)
        {
            if (!Agree(one(index), two(index), 1))
                return false;
        }
        return true;
    }

    private static bool Agree(double one, double two, double scale) =>
        one.Equals(two) || Math.Abs(one - two) <= Tolerance * (Math.Abs(two) + scale);
}
