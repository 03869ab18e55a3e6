using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>Inserts a dimension of size 1: <c>unsqueeze</c> as a module. ONNX: Unsqueeze.</summary>
/// <param name="name">The module's name.</param>
/// <param name="dim">Where it will be in the result; negative counts from the end.</param>
public sealed class Unsqueeze(string name, long dim) : nn.Module<Tensor, Tensor>(name), IOnnxExportable
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.unsqueeze(dim);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) => [context.Node("Unsqueeze", [inputs[0], context.Constant("axes", [dim])])];
}
