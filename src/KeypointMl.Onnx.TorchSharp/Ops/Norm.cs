using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>
/// The p-norm over dimensions of a floating-point tensor: <c>torch.linalg.vector_norm</c> as a module. ONNX: ReduceL1, ReduceL2, ReduceMax or ReduceMin of Abs for ±∞,
/// or Abs, Pow and ReduceSum.
/// </summary>
/// <param name="name">The module's name.</param>
/// <param name="dims">The dimensions reduced; negative counts from the end.</param>
/// <param name="keepDims">Whether reduced dimensions stay, with size 1.</param>
/// <param name="p">The order; 2 is the Euclidean length, 0 counts elements that are not 0.</param>
/// <exception cref="ArgumentException">No dimension is named.</exception>
public sealed class Norm(string name, long[] dims, bool keepDims = false, double p = 2) : Reduction(name, dims, keepDims)
{
    /// <summary>The order of the norm.</summary>
    public double P { get; } = p;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => linalg.vector_norm(input, P, [.. Dims], KeepDims);

    private protected override string Write(OnnxExportContext context, string x) => Reducing.Norm(context, x, P, Dims, KeepDims);
}
