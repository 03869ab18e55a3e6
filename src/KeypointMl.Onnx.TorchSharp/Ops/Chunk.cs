using KeypointMl.Onnx.TorchSharp.Converters;
using KeypointMl.Onnx.TorchSharp.Emitting;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Ops;

/// <summary>
/// Cuts a tensor along a dimension into a number of equal parts, the last of which may be smaller: <c>chunk</c> as a
/// module with several results. ONNX: Split.
/// </summary>
/// <param name="name">The module's name.</param>
/// <param name="dim">The dimension, whose size must be fixed; negative counts from the end.</param>
/// <param name="chunks">How many parts at most.</param>
public sealed class Chunk(string name, long dim, long chunks) : nn.Module<Tensor, Tensor[]>(name), IOnnxExportable
{
    /// <inheritdoc/>
    public override Tensor[] forward(Tensor input) => input.chunk(chunks, dim);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs)
    {
        int axis = ShapeNodes.Axis(dim, context.InputShape(0).Length);
        if (!context.InputDimensions(0)[axis].IsFixed)
        {
            throw context.Error(
                $"it cuts dimension {dim}, whose size '{context.InputDimensions(0)[axis]}' is open at run time. Fix that size.");
        }
        return ShapeNodes.Split(
            context, inputs[0], dim, [.. Enumerable.Range(0, context.OutputCount).Select(index => context.OutputShape(index)[axis])]);
    }
}
