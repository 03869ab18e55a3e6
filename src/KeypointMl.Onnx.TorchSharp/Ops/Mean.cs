using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>The mean over dimensions: <c>mean</c> as a module. ONNX: ReduceMean.</summary>
/// <param name="name">The module's name.</param>
/// <param name="dims">The dimensions reduced; negative counts from the end.</param>
/// <param name="keepDims">Whether reduced dimensions stay, with size 1.</param>
/// <exception cref="ArgumentException">No dimension is named.</exception>
public sealed class Mean(string name, long[] dims, bool keepDims = false) : Reduction(name, dims, keepDims)
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.mean([.. Dims], KeepDims);

    private protected override string Write(OnnxExportContext context, string x) => Reducing.Reduce(context, "ReduceMean", x, Dims, KeepDims);
}
