using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>The smallest element over dimensions: <c>amin</c> as a module. ONNX: ReduceMin.</summary>
/// <param name="name">The module's name.</param>
/// <param name="dims">The dimensions reduced; negative counts from the end.</param>
/// <param name="keepDims">Whether reduced dimensions stay, with size 1.</param>
/// <exception cref="ArgumentException">No dimension is named.</exception>
public sealed class Minimum(string name, long[] dims, bool keepDims = false) : Reduction(name, dims, keepDims)
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.amin([.. Dims], KeepDims);

    private protected override string Write(OnnxExportContext context, string x) => Reducing.Reduce(context, "ReduceMin", x, Dims, KeepDims);
}
