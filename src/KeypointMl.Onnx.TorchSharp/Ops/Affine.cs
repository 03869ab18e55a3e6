using KeypointMl.Onnx.TorchSharp.Emitting;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Ops;

/// <summary>
/// Scales and shifts a floating-point tensor: <c>x · scale + shift</c> as a module. ONNX: Mul and Add, where they do
/// something.
/// </summary>
/// <param name="name">The module's name.</param>
/// <param name="scale">What every element is multiplied by.</param>
/// <param name="shift">What is added afterwards.</param>
public sealed class Affine(string name, double scale, double shift = 0) : nn.Module<Tensor, Tensor>(name), IOnnxExportable
{
    /// <summary>What every element is multiplied by.</summary>
    public double Scale { get; } = scale;

    /// <summary>What is added afterwards.</summary>
    public double Shift { get; } = shift;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => (input * Scale) + Shift;

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs)
    {
        string value = inputs[0];
        if (Scale != 1)
            value = context.Node("Mul", [value, context.Scalar("scale", Scale)]);
        return [Shift == 0 ? value : context.Node("Add", [value, context.Scalar("shift", Shift)])];
    }
}
