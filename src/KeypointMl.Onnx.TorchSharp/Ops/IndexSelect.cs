using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>Picks slices of a dimension by a vector of indices: <c>index_select</c> as a module. ONNX: Gather.</summary>
/// <param name="name">The module's name.</param>
/// <param name="dim">The dimension; negative counts from the end.</param>
public sealed class IndexSelect(string name, long dim) : nn.Module<Tensor, Tensor, Tensor>(name), IOnnxExportable
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input, Tensor index) => input.index_select(dim, index);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) => [context.Node("Gather", [.. inputs], ("axis", dim))];
}
