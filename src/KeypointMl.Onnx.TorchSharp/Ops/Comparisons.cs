using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Ops;

/// <summary>
/// Compares two tensors whose shapes broadcast, element by element, as a module. ONNX: Equal, Less, LessOrEqual,
/// Greater or GreaterOrEqual.
/// </summary>
/// <param name="name">The module's name.</param>
/// <param name="comparison">How.</param>
public sealed class Compare(string name, Comparison comparison) : BinaryOperation(name, comparison.ToString())
{
    /// <summary>How.</summary>
    public Comparison Comparison { get; } = comparison;

    /// <inheritdoc/>
    public override Tensor forward(Tensor left, Tensor right) => Comparison switch
    {
        Comparison.Equal => left == right,
        Comparison.Less => left < right,
        Comparison.LessOrEqual => left <= right,
        Comparison.Greater => left > right,
        Comparison.GreaterOrEqual => left >= right,
        _ => throw new InvalidOperationException($"There is no comparison {Comparison}."),
    };
}

/// <summary>How <see cref="Compare"/> compares, by the name of the ONNX operator.</summary>
public enum Comparison
{
    /// <summary>left = right.</summary>
    Equal,

    /// <summary>left &lt; right.</summary>
    Less,

    /// <summary>left ≤ right.</summary>
    LessOrEqual,

    /// <summary>left &gt; right.</summary>
    Greater,

    /// <summary>left ≥ right.</summary>
    GreaterOrEqual,
}
