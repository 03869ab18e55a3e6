using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tracing.Guessing;

/// <summary>
/// Finds out, as well as it can be known, which operation made a tensor that no traced module made. TorchSharp keeps no
/// record of that, so the usual operations are tried on the numbers of the tensors that are known, without libtorch;
/// and the call stack tells which <c>forward</c> is running. Where several operations fit, nothing is said.
/// </summary>
internal static class UntracedOrigin
{
    private const int TensorsTried = 24;
    private const int PairsTried = 12;
    private const long LargestTried = 1L << 20;

    /// <summary>The operation whose result a tensor equals, with what replaces it; null if none was found, or several were.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="known">Known tensors with a description each, the latest first.</param>
    public static string? Guess(Tensor tensor, IEnumerable<(Tensor Content, string What)> known)
    {
        if (!IsTried(tensor) || KnownTensor.Read(tensor, "") is not { } wanted)
            return null;
        // A tensor of one number repeated comes out of too many operations to tell one from another.
        if (!wanted.Values.AsSpan().ContainsAnyExcept(wanted.Values[0]))
            return null;
        KnownTensor[] candidates =
        [
            .. known.Where(pair => pair.Content.dtype == tensor.dtype && IsTried(pair.Content)).Take(TensorsTried)
                .Select(pair => KnownTensor.Read(pair.Content, pair.What)).OfType<KnownTensor>(),
        ];
        foreach (IEnumerable<Guess> tier in Tiers(candidates, wanted))
        {
            Guess[] fitting = [.. tier.Where(guess => guess.Gives(wanted))];
            if (fitting.Length > 0)
                return Agreed(fitting, wanted);
        }
        return null;
    }

    /// <summary>
    /// Where in the user's code a tensor was handed on: the innermost <c>forward</c> method that is running, with its
    /// line where the debug information is there; null if there is none.
    /// </summary>
    public static string? RunningForward()
    {
        foreach (StackFrame frame in new StackTrace(fNeedFileInfo: true).GetFrames())
        {
            if (frame.GetMethod() is not { Name: "forward", DeclaringType: { } type } || type.Assembly == typeof(nn.Module).Assembly)
                continue;
            string line = frame.GetFileName() is { } file ? $" ({Path.GetFileName(file)}, line {frame.GetFileLineNumber()})" : "";
            return $"{type.Name}.forward{line}";
        }
        return null;
    }

    // The simplest explanation first: a later one is not looked for where an earlier one fits.
    private static IEnumerable<IEnumerable<Guess>> Tiers(KnownTensor[] candidates, KnownTensor wanted)
    {
        KnownTensor[] few = candidates[..Math.Min(PairsTried, candidates.Length)];
        yield return candidates.SelectMany(x => MovementGuesses.Copies(x, wanted));
        yield return candidates.SelectMany(x => OfOne(x, wanted).Concat(ElementwiseGuesses.About(x, wanted)));
        yield return Pairs(few).SelectMany(pair => PairGuesses.About(pair.Left, pair.Right, wanted))
            .Concat(PairGuesses.Joined(candidates, wanted));
        yield return Pairs(few).SelectMany(pair => PairGuesses.RectifiedSums(pair.Left, pair.Right, wanted));
        yield return candidates.Where(x => x.IsFloatingPoint)
            .Select(x => x.Through("torch.relu", "ReLU or Functional.relu", Activations.Relu)).SelectMany(x => OfOne(x, wanted));
    }

    private static IEnumerable<Guess> OfOne(KnownTensor x, KnownTensor wanted) =>
        MovementGuesses.About(x, wanted).Concat(ReductionGuesses.About(x, wanted)).Concat(PlaneGuesses.About(x, wanted));

    private static IEnumerable<(KnownTensor Left, KnownTensor Right)> Pairs(KnownTensor[] few) =>
        few.SelectMany(left => few.Select(right => (left, right)));

    private static string? Agreed(Guess[] fitting, KnownTensor wanted)
    {
        Guess first = fitting[0];
        return fitting.Skip(1).All(other => first.IsSameFunctionAs(other, wanted.Values.Length)) ? Describe(first) : null;
    }

    private static string Describe(Guess guess)
    {
        string operation = string.Format(
            CultureInfo.InvariantCulture, guess.Operation, [.. guess.Operands.Select(operand => (object)operand.What)]);
        ImmutableArray<string> uses = [.. guess.Operands.Select(operand => operand.Use).Append(guess.Use).OfType<string>()];
        return uses.Length == 0 ? operation : $"{operation}: use {string.Join(", and ", uses)}";
    }

    private static bool IsTried(Tensor tensor) => tensor.numel() is > 0 and <= LargestTried;
}
