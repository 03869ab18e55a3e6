using System.Collections.Immutable;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

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
