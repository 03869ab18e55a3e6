using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>Where the smallest element along a dimension is: <c>argmin</c> as a module. ONNX: ArgMin.</summary>
/// <param name="name">The module's name.</param>
/// <param name="dim">The dimension searched; negative counts from the end.</param>
/// <param name="keepDim">Whether that dimension stays, with size 1.</param>
public sealed class ArgMin(string name, long dim, bool keepDim = false) : IndexReduction(name, "ArgMin", dim, keepDim)
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.argmin(Dim, KeepDim);
}
