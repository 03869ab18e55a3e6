using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>log Σ exp(x) over a dimension of a floating-point tensor: <c>logsumexp</c> as a module. ONNX: ReduceLogSumExp.</summary>
/// <param name="name">The module's name.</param>
/// <param name="dim">The dimension reduced; negative counts from the end.</param>
/// <param name="keepDims">Whether the reduced dimension stays, with size 1.</param>
public sealed class LogSumExp(string name, long dim, bool keepDims = false) : Reduction(name, [dim], keepDims)
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.logsumexp(Dims[0], KeepDims);

    private protected override string Write(OnnxExportContext context, string x) => Reducing.Reduce(context, "ReduceLogSumExp", x, Dims, KeepDims);
}
