using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>
/// Divides vectors along a dimension by their p-norm, which counts as <c>eps</c> at least: <c>torch.nn.functional.normalize</c> as a module. ONNX: as <see cref="Norm"/>, then Max
/// and Div.
/// </summary>
/// <param name="name">The module's name.</param>
/// <param name="dim">The dimension along which the vectors lie; negative counts from the end.</param>
/// <param name="p">The order of the norm.</param>
/// <param name="eps">The smallest divisor.</param>
public sealed class Normalize(string name, long dim = 1, double p = 2, double eps = 1e-12) : nn.Module<Tensor, Tensor>(name), IOnnxExportable
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => nn.functional.normalize(input, p, dim, eps);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) => [Reducing.Normalize(context, inputs[0], p, dim, eps)];
}
