using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

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
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) => [context.Node("Concat", [.. inputs], ("axis", Dim))];
}
