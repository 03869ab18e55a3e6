using System.Collections.Immutable;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>Reverses the order along dimensions: <c>flip</c> as a module. ONNX: Slice with steps of −1.</summary>
/// <param name="name">The module's name.</param>
/// <param name="dims">The dimensions reversed; negative counts from the end.</param>
public sealed class Flip(string name, params long[] dims) : nn.Module<Tensor, Tensor>(name), IOnnxExportable
{
    /// <summary>The dimensions reversed; negative counts from the end.</summary>
    public ImmutableArray<long> Dims { get; } = [.. dims];

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.flip([.. Dims]);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) => [Shapes.Flip(context, inputs[0], [.. Dims])];
}
