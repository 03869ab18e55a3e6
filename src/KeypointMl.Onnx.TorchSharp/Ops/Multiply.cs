using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>Multiplies two tensors element by element: <c>left · right</c> as a module. ONNX: Mul.</summary>
/// <param name="name">The module's name.</param>
public sealed class Multiply(string name) : BinaryOperation(name, "Mul")
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor left, Tensor right) => left * right;
}
