using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>Picks elements along a dimension by an index of the result's shape: <c>gather</c> as a module. ONNX: GatherElements.</summary>
/// <param name="name">The module's name.</param>
/// <param name="dim">The dimension; negative counts from the end.</param>
public sealed class Gather(string name, long dim) : nn.Module<Tensor, Tensor, Tensor>(name), IOnnxExportable
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input, Tensor index) => input.gather(dim, index);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) => [context.Node("GatherElements", [.. inputs], ("axis", dim))];
}
