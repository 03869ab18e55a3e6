using System.Diagnostics;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>
/// Finds out, as well as it can be known, which operation made a tensor that no traced module made. TorchSharp keeps no record of that, so the usual operations are tried on the
/// tensors that are known until one gives the same values; and the call stack tells which <c>forward</c> is running.
/// </summary>
internal static class UntracedOrigin
{
    private const int TensorsTried = 24;
    private const int PairsTried = 12;
    private const long LargestTried = 1L << 22;

    private static readonly (string Operation, string Instead, Func<Tensor, Tensor> Apply)[] _elementwise =
    [
        ("relu", "ReLU", x => x.relu()),
        ("sigmoid", "Sigmoid", x => x.sigmoid()),
        ("tanh", "Tanh", x => x.tanh()),
        ("nn.functional.silu", "SiLU", x => nn.functional.silu(x)),
        ("nn.functional.gelu", "GELU", x => nn.functional.gelu(x)),
        ("nn.functional.leaky_relu", "LeakyReLU", x => nn.functional.leaky_relu(x)),
        ("exp", "a module that implements IOnnxExportable", x => x.exp()),
        ("log", "a module that implements IOnnxExportable", x => x.log()),
        ("sqrt", "a module that implements IOnnxExportable", x => x.sqrt()),
        ("square", nameof(Multiply), x => x.square()),
        ("abs", "a module that implements IOnnxExportable", x => x.abs()),
        ("neg", nameof(Affine), x => x.neg()),
    ];

    /// <summary>The operation whose result a tensor equals, with what replaces it; null if none was found.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="known">Known tensors with a description each, the latest first.</param>
    public static string? Guess(Tensor tensor, IEnumerable<(Tensor Content, string What)> known)
    {
        if (tensor.numel() == 0 || tensor.numel() > LargestTried)
            return null;
        using IDisposable scope = NewDisposeScope();
        (Tensor Content, string What)[] candidates = [.. known.Where(pair => pair.Content.dtype == tensor.dtype && pair.Content.numel() is > 0 and <= LargestTried).Take(TensorsTried)];
        foreach ((Tensor content, string what) in candidates)
        {
            if (Unary(content, what, tensor).FirstOrDefault(guess => Matches(guess.Make, tensor)).Text is { } text)
                return text;
        }
        (Tensor Content, string What)[] few = candidates[..Math.Min(PairsTried, candidates.Length)];
        foreach ((Tensor left, string leftName) in few)
        {
            foreach ((Tensor right, string rightName) in few)
            {
                if (Binary(left, leftName, right, rightName, tensor).FirstOrDefault(guess => Matches(guess.Make, tensor)).Text is { } text)
                    return text;
            }
        }
        return null;
    }

    /// <summary>Where in the user's code a tensor was handed on: the innermost <c>forward</c> method that is running, with its line where the debug information is there; null if there is none.</summary>
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

    private static IEnumerable<(Func<Tensor> Make, string Text)> Unary(Tensor x, string name, Tensor wanted)
    {
        if (x.shape.AsSpan().SequenceEqual(wanted.shape))
        {
            yield return (() => x, $"a copy of {name}, such as forward() in place of call(), clone or detach gives");
            if (x.is_floating_point())
            {
                foreach ((Func<Tensor>, string) guess in Elementwise(x, name, wanted))
                    yield return guess;
            }
        }
        if (x.numel() == wanted.numel())
        {
            yield return (() => x.reshape(wanted.shape), $"{name} under another shape: use {nameof(Reshape)}, Flatten or Unflatten");
            if (x.dim() == wanted.dim() && x.dim() is > 1 and < 6)
            {
                foreach (long[] order in Permutations([.. Enumerable.Range(0, (int)x.dim()).Select(axis => (long)axis)]))
                    yield return (() => x.permute(order), $"{name} with its dimensions in the order ({string.Join(", ", order)}): use {nameof(Permute)}");
            }
        }
        foreach ((Func<Tensor>, string) guess in x.numel() > wanted.numel() ? Smaller(x, name, wanted) : [])
            yield return guess;
    }

    private static IEnumerable<(Func<Tensor> Make, string Text)> Elementwise(Tensor x, string name, Tensor wanted)
    {
        foreach ((string operation, string instead, Func<Tensor, Tensor> apply) in _elementwise)
            yield return (() => apply(x), $"torch.{operation} of {name}: use {instead}");
        yield return (() => x + (wanted - x).flatten()[0], $"{name} with a number added: use {nameof(Affine)}");
        yield return (() => x * (wanted / x).flatten()[0], $"{name} multiplied by a number: use {nameof(Affine)}");
        for (int dim = 0; dim < x.dim(); dim++)
        {
            int axis = dim;
            yield return (() => x.softmax(axis), $"torch.softmax of {name} over dimension {axis}: use Softmax");
        }
    }

    private static IEnumerable<(Func<Tensor> Make, string Text)> Smaller(Tensor x, string name, Tensor wanted)
    {
        foreach (long[] dims in (long[][])[.. Enumerable.Range(0, (int)x.dim()).Select(axis => (long[])[axis]), .. x.dim() == 4 ? (long[][])[[2, 3]] : []])
        {
            foreach (bool keep in (bool[])[false, true])
            {
                string over = $"over dimension{(dims.Length > 1 ? "s" : "")} {string.Join(" and ", dims)}";
                if (x.is_floating_point())
                    yield return (() => x.mean(dims, keep), $"the mean of {name} {over}: use {nameof(Mean)}");
                yield return (() => x.sum(dims, keep), $"the sum of {name} {over}: use {nameof(Sum)}");
                yield return (() => x.amax(dims, keep), $"the maximum of {name} {over}: use {nameof(Maximum)}");
            }
        }
        for (int dim = 0; dim < x.dim() && x.dim() == wanted.dim(); dim++)
        {
            (int axis, long length) = (dim, wanted.shape[dim]);
            for (long start = 0; length < x.shape[axis] && start + length <= x.shape[axis]; start++)
            {
                long first = start;
                yield return (() => x.narrow(axis, first, length), $"elements {first} to {first + length - 1} of dimension {axis} of {name}: use {nameof(Slice)}");
            }
        }
    }

    private static IEnumerable<(Func<Tensor> Make, string Text)> Binary(Tensor left, string leftName, Tensor right, string rightName, Tensor wanted)
    {
        yield return (() => left + right, $"{leftName} + {rightName}: use {nameof(Add)}");
        yield return (() => left - right, $"{leftName} − {rightName}: use {nameof(Subtract)}");
        yield return (() => left * right, $"{leftName} · {rightName}: use {nameof(Multiply)}");
        if (left.is_floating_point())
            yield return (() => left / right, $"{leftName} / {rightName}: use {nameof(Divide)}");
        for (int dim = 0; dim < left.dim() && left.dim() == right.dim() && left.dim() == wanted.dim(); dim++)
        {
            int axis = dim;
            if (left.shape[axis] + right.shape[axis] == wanted.shape[axis])
                yield return (() => cat([left, right], axis), $"torch.cat of {leftName} and {rightName} along dimension {axis}: use {nameof(Concat)}");
        }
        if (left.dim() >= 2 && right.dim() >= 2 && left.shape[^1] == right.shape[^2])
            yield return (() => left.matmul(right), $"torch.matmul of {leftName} and {rightName}: use {nameof(MatrixMultiply)}");
    }

    private static bool Matches(Func<Tensor> make, Tensor wanted)
    {
        using IDisposable scope = NewDisposeScope();
        try
        {
            Tensor made = make();
            return made.dtype == wanted.dtype && made.shape.AsSpan().SequenceEqual(wanted.shape) && made.allclose(wanted, 1e-5, 1e-6, equal_nan: true);
        }
        catch (Exception exception) when (exception is System.Runtime.InteropServices.ExternalException or ArgumentException)
        {
            // The operation does not take tensors of these shapes, so it was not this one.
            return false;
        }
    }

    private static IEnumerable<long[]> Permutations(long[] items)
    {
        if (items.Length <= 1)
            return [items];
        return items.SelectMany((item, index) => Permutations([.. items[..index], .. items[(index + 1)..]]).Select(rest => (long[])[item, .. rest]));
    }
}
