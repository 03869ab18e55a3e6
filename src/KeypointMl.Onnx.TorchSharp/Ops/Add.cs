using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>Adds two tensors: <c>left + right</c> as a module. ONNX: Add.</summary>
/// <param name="name">The module's name.</param>
public sealed class Add(string name) : BinaryOperation(name, "Add")
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor left, Tensor right) => left + right;
}
