using KeypointMl.Onnx.TorchSharp.Converters;
using KeypointMl.Onnx.TorchSharp.Emitting;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Ops;

/// <summary>Joins two tensors along a dimension: <c>torch.cat</c> as a module, so that the exporter sees it. ONNX: Concat.</summary>
/// <param name="name">The module's name.</param>
/// <param name="dim">The dimension along which the sizes add up; negative counts from the end.</param>
public sealed class Concat(string name, long dim) : nn.Module<Tensor, Tensor, Tensor>(name), IOnnxExportable
{
    /// <summary>The dimension along which the sizes add up.</summary>
    public long Dim { get; } = dim;

    /// <inheritdoc/>
    public override Tensor forward(Tensor left, Tensor right) => cat([left, right], Dim);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) =>
        [context.Node("Concat", Casting.ToResult(context, inputs), ("axis", Dim))];
}

/// <summary>Joins any number of tensors along a dimension: <c>torch.cat</c> as a module. ONNX: Concat.</summary>
/// <param name="name">The module's name.</param>
/// <param name="dim">The dimension along which the sizes add up; negative counts from the end.</param>
public sealed class ConcatAll(string name, long dim) : nn.Module<Tensor[], Tensor>(name), IOnnxExportable
{
    /// <summary>The dimension along which the sizes add up.</summary>
    public long Dim { get; } = dim;

    /// <inheritdoc/>
    public override Tensor forward(Tensor[] tensors) => cat(tensors, Dim);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) =>
        [context.Node("Concat", Casting.ToResult(context, inputs), ("axis", Dim))];
}

/// <summary>Joins tensors of one shape along a new dimension: <c>stack</c> as a module. ONNX: Unsqueeze and Concat.</summary>
/// <param name="name">The module's name.</param>
/// <param name="dim">Where the new dimension will be in the result; negative counts from the end.</param>
public sealed class Stack(string name, long dim) : nn.Module<Tensor[], Tensor>(name), IOnnxExportable
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor[] tensors) => stack(tensors, dim);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) =>
        [context.Node("Concat",
            [.. Casting.ToResult(context, inputs).Select(input => context.Node("Unsqueeze", [input, context.Constant("axes", [dim])]))],
            ("axis", dim))];
}
