using System.Collections.Immutable;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>Reorders the dimensions of a tensor: <c>permute</c> as a module. ONNX: Transpose.</summary>
/// <param name="name">The module's name.</param>
/// <param name="dims">For every dimension of the result, which dimension of the input it is.</param>
public sealed class Permute(string name, params long[] dims) : nn.Module<Tensor, Tensor>(name), IOnnxExportable
{
    /// <summary>For every dimension of the result, which dimension of the input it is.</summary>
    public ImmutableArray<long> Dims { get; } = [.. dims];

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.permute([.. Dims]);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) =>
        [context.Node("Transpose", [inputs[0]], ("perm", Dims.Select(dim => (long)Shapes.Axis(dim, Dims.Length)).ToArray()))];
}
