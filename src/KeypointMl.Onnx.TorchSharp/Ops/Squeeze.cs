using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>Removes a dimension of size 1: <c>squeeze</c> as a module. ONNX: Squeeze.</summary>
/// <param name="name">The module's name.</param>
/// <param name="dim">The dimension; negative counts from the end.</param>
public sealed class Squeeze(string name, long dim) : nn.Module<Tensor, Tensor>(name), IOnnxExportable
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.squeeze(dim);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs)
    {
        int axis = Shapes.Axis(dim, context.InputShape(0).Length);
        // PyTorch leaves a dimension of another size as it is; ONNX refuses it.
        if (context.InputDimensions(0)[axis].Value is not 1)
            throw context.Error($"dimension {dim} of its input has size {context.InputDimensions(0)[axis]}; only a size of 1 can be removed. Name a dimension of size 1.");
        return [context.Node("Squeeze", [inputs[0], context.Constant("axes", [dim])])];
    }
}
