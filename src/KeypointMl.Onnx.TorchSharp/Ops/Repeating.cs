using System.Collections.Immutable;
using KeypointMl.Onnx.TorchSharp.Emitting;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Ops;

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

/// <summary>Repeats a tensor along its dimensions, and along new ones in front: <c>repeat</c> as a module. ONNX: Tile.</summary>
/// <param name="name">The module's name.</param>
/// <param name="repeats">How often, for every dimension of the result.</param>
public sealed class Repeat(string name, params long[] repeats) : nn.Module<Tensor, Tensor>(name), IOnnxExportable
{
    /// <summary>How often, for every dimension of the result.</summary>
    public ImmutableArray<long> Repeats { get; } = [.. repeats];

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.repeat([.. Repeats]);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs)
    {
        long[] added = [.. Enumerable.Range(0, Repeats.Length - context.InputShape(0).Length).Select(axis => (long)axis)];
        string x = added.Length == 0 ? inputs[0] : context.Node("Unsqueeze", [inputs[0], context.Constant("axes", added)]);
        return [context.Node("Tile", [x, context.Constant("repeats", [.. Repeats])])];
    }
}
