using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>Raises one floating-point tensor to the power of another, element by element: <c>pow</c> as a module. ONNX: Pow.</summary>
/// <param name="name">The module's name.</param>
public sealed class Power(string name) : BinaryOperation(name, "Pow")
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor left, Tensor right) => left.pow(right);
}
