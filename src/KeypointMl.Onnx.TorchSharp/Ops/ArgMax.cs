using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>Where the largest element along a dimension is: <c>argmax</c> as a module. ONNX: ArgMax.</summary>
/// <param name="name">The module's name.</param>
/// <param name="dim">The dimension searched; negative counts from the end.</param>
/// <param name="keepDim">Whether that dimension stays, with size 1.</param>
public sealed class ArgMax(string name, long dim, bool keepDim = false) : IndexReduction(name, "ArgMax", dim, keepDim)
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.argmax(Dim, KeepDim);
}
