using System.Collections.Immutable;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>Cuts a tensor along a dimension into parts of given sizes: <c>split</c> as a module with several results. ONNX: Split.</summary>
/// <param name="name">The module's name.</param>
/// <param name="dim">The dimension, whose size must be fixed; negative counts from the end.</param>
/// <param name="sizes">The parts' sizes, which add up to that of the dimension.</param>
public sealed class Split(string name, long dim, params long[] sizes) : nn.Module<Tensor, Tensor[]>(name), IOnnxExportable
{
    /// <summary>The parts' sizes.</summary>
    public ImmutableArray<long> Sizes { get; } = [.. sizes];

    /// <inheritdoc/>
    public override Tensor[] forward(Tensor input) => input.split([.. Sizes], dim);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) => Shapes.Split(context, inputs[0], dim, [.. Sizes]);
}
