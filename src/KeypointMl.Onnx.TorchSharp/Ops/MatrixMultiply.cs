using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>Multiplies matrices, or stacks of them: <c>torch.matmul</c> as a module. ONNX: MatMul.</summary>
/// <param name="name">The module's name.</param>
public sealed class MatrixMultiply(string name) : BinaryOperation(name, "MatMul")
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor left, Tensor right) => left.matmul(right);
}
