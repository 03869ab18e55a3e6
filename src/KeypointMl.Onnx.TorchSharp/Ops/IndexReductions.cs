using KeypointMl.Onnx.TorchSharp.Emitting;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Ops;

/// <summary>An operation that gives, as 64-bit integers, where along a dimension an element is; of equal ones the first.</summary>
public abstract class IndexReduction : nn.Module<Tensor, Tensor>, IOnnxExportable
{
    private readonly string opType;

    private protected IndexReduction(string name, string opType, long dim, bool keepDim)
        : base(name) => (this.opType, Dim, KeepDim) = (opType, dim, keepDim);

    /// <summary>The dimension searched; negative counts from the end.</summary>
    public long Dim { get; }

    /// <summary>Whether that dimension stays, with size 1.</summary>
    public bool KeepDim { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) =>
        [context.Node(opType, [inputs[0]], ("axis", Dim), ("keepdims", KeepDim))];
}

/// <summary>Where the largest element along a dimension is: <c>argmax</c> as a module. ONNX: ArgMax.</summary>
/// <param name="name">The module's name.</param>
/// <param name="dim">The dimension searched; negative counts from the end.</param>
/// <param name="keepDim">Whether that dimension stays, with size 1.</param>
public sealed class ArgMax(string name, long dim, bool keepDim = false) : IndexReduction(name, "ArgMax", dim, keepDim)
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.argmax(Dim, KeepDim);
}

/// <summary>Where the smallest element along a dimension is: <c>argmin</c> as a module. ONNX: ArgMin.</summary>
/// <param name="name">The module's name.</param>
/// <param name="dim">The dimension searched; negative counts from the end.</param>
/// <param name="keepDim">Whether that dimension stays, with size 1.</param>
public sealed class ArgMin(string name, long dim, bool keepDim = false) : IndexReduction(name, "ArgMin", dim, keepDim)
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.argmin(Dim, KeepDim);
}
