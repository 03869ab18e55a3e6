using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>The largest or smallest elements along a dimension, sorted, and where they are (64-bit integers): <c>topk</c> as a module with two results. ONNX: TopK.</summary>
/// <param name="name">The module's name.</param>
/// <param name="k">How many.</param>
/// <param name="dim">The dimension; negative counts from the end.</param>
/// <param name="largest">Whether the largest (true) or the smallest are wanted.</param>
public sealed class TopK(string name, int k, int dim = -1, bool largest = true) : nn.Module<Tensor, (Tensor Values, Tensor Indices)>(name), IOnnxExportable
{
    /// <inheritdoc/>
    public override (Tensor Values, Tensor Indices) forward(Tensor input) => input.topk(k, dim, largest, sorted: true);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) =>
        context.Node("TopK", [inputs[0], context.Constant("k", [(long)k])], 2, ("axis", dim), ("largest", largest));
}
