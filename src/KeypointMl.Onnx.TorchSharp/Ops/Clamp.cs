using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>Limits every element of a floating-point tensor: <c>torch.clamp</c> as a module. ONNX: Clip.</summary>
/// <param name="name">The module's name.</param>
/// <param name="min">The smallest value.</param>
/// <param name="max">The largest value.</param>
public sealed class Clamp(string name, double min, double max) : nn.Module<Tensor, Tensor>(name), IOnnxExportable
{
    /// <summary>The smallest value.</summary>
    public double Min { get; } = min;

    /// <summary>The largest value.</summary>
    public double Max { get; } = max;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.clamp(Min, Max);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) =>
        [context.Node("Clip", [inputs[0], context.Scalar("min", Min), context.Scalar("max", Max)])];
}
