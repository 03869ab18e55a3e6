using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>Adds up along a dimension, element by element: <c>cumsum</c> as a module. ONNX: CumSum.</summary>
/// <param name="name">The module's name.</param>
/// <param name="dim">The dimension; negative counts from the end.</param>
public sealed class CumulativeSum(string name, long dim) : nn.Module<Tensor, Tensor>(name), IOnnxExportable
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.cumsum(dim);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) => [context.Node("CumSum", [inputs[0], context.Scalar("axis", dim)])];
}
