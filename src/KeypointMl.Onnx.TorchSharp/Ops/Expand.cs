using System.Collections.Immutable;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>Repeats dimensions of size 1 without copying, and adds dimensions in front: <c>expand</c> as a module. ONNX: Expand.</summary>
/// <param name="name">The module's name.</param>
/// <param name="sizes">The new sizes; −1 keeps the size of a dimension.</param>
public sealed class Expand(string name, params long[] sizes) : nn.Module<Tensor, Tensor>(name), IOnnxExportable
{
    /// <summary>The new sizes; −1 keeps the size of a dimension.</summary>
    public ImmutableArray<long> Sizes { get; } = [.. sizes];

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.expand([.. Sizes]);

    /// <inheritdoc/>
    /// <remarks>ONNX broadcasts both ways, so that a wanted size of 1 keeps what is there.</remarks>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) =>
        [context.Node("Expand", [inputs[0], context.Constant("sizes", [.. Sizes.Select(size => Math.Abs(size))])])];
}
