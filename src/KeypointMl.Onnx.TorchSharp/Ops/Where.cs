using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>Chooses, element by element, from one tensor where a bool tensor is true and from another elsewhere: <c>where</c> as a module. ONNX: Where.</summary>
/// <param name="name">The module's name.</param>
public sealed class Where(string name) : nn.Module<Tensor, Tensor, Tensor, Tensor>(name), IOnnxExportable
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor condition, Tensor whereTrue, Tensor whereFalse) => where(condition, whereTrue, whereFalse);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) => context.InputType(1) == context.InputType(2)
        ? [context.Node("Where", [.. inputs])]
        : throw context.Error($"it chooses between element types {context.InputType(1)} and {context.InputType(2)}; ONNX does not convert one into the other. Convert before, with {nameof(Cast)}.");
}
