using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>The larger of two tensors, element by element: <c>maximum</c> as a module. ONNX: Max.</summary>
/// <param name="name">The module's name.</param>
public sealed class ElementwiseMaximum(string name) : BinaryOperation(name, "Max")
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor left, Tensor right) => maximum(left, right);
}
