using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>Takes a range of a dimension: <c>slice</c> as a module. ONNX: Slice.</summary>
/// <param name="name">The module's name.</param>
/// <param name="dim">The dimension; negative counts from the end.</param>
/// <param name="start">The first index; negative counts from the end.</param>
/// <param name="end">One past the last index; negative counts from the end.</param>
/// <param name="step">From one index to the next, at least 1.</param>
public sealed class Slice(string name, long dim, long start, long end = long.MaxValue, long step = 1) : nn.Module<Tensor, Tensor>(name), IOnnxExportable
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.slice(dim, start, end, step);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) => [Shapes.Slice(context, inputs[0], dim, start, end, step)];
}
