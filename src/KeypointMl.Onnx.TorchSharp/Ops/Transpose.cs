using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>Exchanges two dimensions of a tensor: <c>transpose</c> as a module. ONNX: Transpose.</summary>
/// <param name="name">The module's name.</param>
/// <param name="dim0">One dimension; negative counts from the end.</param>
/// <param name="dim1">The other.</param>
public sealed class Transpose(string name, long dim0, long dim1) : nn.Module<Tensor, Tensor>(name), IOnnxExportable
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.transpose(dim0, dim1);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs)
    {
        int rank = context.InputShape(0).Length;
        long[] order = [.. Enumerable.Range(0, rank).Select(axis => (long)axis)];
        (int first, int second) = (Shapes.Axis(dim0, rank), Shapes.Axis(dim1, rank));
        (order[first], order[second]) = (order[second], order[first]);
        return [context.Node("Transpose", [inputs[0]], ("perm", order))];
    }
}
