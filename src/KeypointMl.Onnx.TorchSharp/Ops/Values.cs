using KeypointMl.Onnx.TorchSharp.Converters;
using KeypointMl.Onnx.TorchSharp.Emitting;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Ops;

/// <summary>Converts a tensor to another element type: <c>to</c> as a module. ONNX: Cast.</summary>
/// <param name="name">The module's name.</param>
/// <param name="type">The element type; one that ONNX has.</param>
public sealed class Cast(string name, ScalarType type) : nn.Module<Tensor, Tensor>(name), IOnnxExportable
{
    /// <summary>The element type.</summary>
    public ScalarType Type { get; } = type;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.to_type(Type);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) =>
        [context.Node("Cast", [inputs[0]], ("to", ElementTypes.ToOnnx(Type)))];
}

/// <summary>Limits every element of a floating-point tensor: <c>torch.clamp</c> as a module. ONNX: Clip.</summary>
/// <param name="name">The module's name.</param>
/// <param name="min">The smallest value.</param>
/// <param name="max">The largest value.</param>
public sealed class Clamp(string name, double min, double max) : nn.Module<Tensor, Tensor>(name), IOnnxExportable
{
    /// <summary>The smallest value.</summary>
    public double Min { get; } = min;

    /// <summary>The largest value.</summary>
    public double Max { get; } = max;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.clamp(Min, Max);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) =>
        [context.Node("Clip", [inputs[0], context.Scalar("min", Min), context.Scalar("max", Max)])];
}

/// <summary>Adds up along a dimension, element by element: <c>cumsum</c> as a module. ONNX: CumSum.</summary>
/// <param name="name">The module's name.</param>
/// <param name="dim">The dimension; negative counts from the end.</param>
public sealed class CumulativeSum(string name, long dim) : nn.Module<Tensor, Tensor>(name), IOnnxExportable
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.cumsum(dim);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) =>
        [context.Node("CumSum", [Casting.ToResult(context, inputs[0]), context.Scalar("axis", dim)])];
}
