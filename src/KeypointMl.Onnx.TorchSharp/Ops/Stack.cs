using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>Joins tensors of one shape along a new dimension: <c>stack</c> as a module. ONNX: Unsqueeze and Concat.</summary>
/// <param name="name">The module's name.</param>
/// <param name="dim">Where the new dimension will be in the result; negative counts from the end.</param>
public sealed class Stack(string name, long dim) : nn.Module<Tensor[], Tensor>(name), IOnnxExportable
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor[] tensors) => stack(tensors, dim);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) =>
        [context.Node("Concat", [.. inputs.Select(input => context.Node("Unsqueeze", [input, context.Constant("axes", [dim])]))], ("axis", dim))];
}
