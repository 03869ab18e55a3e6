using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>Compares two tensors whose shapes broadcast, element by element, as a module. ONNX: Equal, Less, LessOrEqual, Greater or GreaterOrEqual.</summary>
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
