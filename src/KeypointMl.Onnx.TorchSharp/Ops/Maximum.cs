using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>The largest element over dimensions: <c>amax</c> as a module. ONNX: ReduceMax.</summary>
/// <param name="name">The module's name.</param>
/// <param name="dims">The dimensions reduced; negative counts from the end.</param>
/// <param name="keepDims">Whether reduced dimensions stay, with size 1.</param>
/// <exception cref="ArgumentException">No dimension is named.</exception>
public sealed class Maximum(string name, long[] dims, bool keepDims = false) : Reduction(name, dims, keepDims)
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.amax([.. Dims], KeepDims);

    private protected override string Write(OnnxExportContext context, string x) => Reducing.Reduce(context, "ReduceMax", x, Dims, KeepDims);
}
