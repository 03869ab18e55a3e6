using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>Subtracts one tensor from another: <c>left − right</c> as a module. ONNX: Sub.</summary>
/// <param name="name">The module's name.</param>
public sealed class Subtract(string name) : BinaryOperation(name, "Sub")
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor left, Tensor right) => left - right;
}
