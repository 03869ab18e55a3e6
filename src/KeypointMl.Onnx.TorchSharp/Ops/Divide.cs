using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>Divides one tensor by another element by element: <c>left / right</c> of floating-point tensors as a module. ONNX: Div.</summary>
/// <param name="name">The module's name.</param>
public sealed class Divide(string name) : BinaryOperation(name, "Div")
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor left, Tensor right) => left / right;
}
