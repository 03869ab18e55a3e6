using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>The smaller of two tensors, element by element: <c>minimum</c> as a module. ONNX: Min.</summary>
/// <param name="name">The module's name.</param>
public sealed class ElementwiseMinimum(string name) : BinaryOperation(name, "Min")
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor left, Tensor right) => minimum(left, right);
}
