using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>Sums products of elements by Einstein's convention: <c>torch.einsum</c> as a module. ONNX: Einsum.</summary>
/// <param name="name">The module's name.</param>
/// <param name="equation">The labels of every input's dimensions and of the result's, as in <c>bij,bjk->bik</c>.</param>
public sealed class Einsum(string name, string equation) : nn.Module<Tensor[], Tensor>(name), IOnnxExportable
{
    /// <summary>The labels of every input's dimensions and of the result's.</summary>
    public string Equation { get; } = equation;

    /// <inheritdoc/>
    public override Tensor forward(Tensor[] tensors) => einsum(Equation, tensors);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) => [context.Node("Einsum", [.. inputs], ("equation", Equation))];
}
