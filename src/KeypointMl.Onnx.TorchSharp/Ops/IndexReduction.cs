using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>An operation that gives, as 64-bit integers, where along a dimension an element is; of equal ones the first.</summary>
public abstract class IndexReduction : nn.Module<Tensor, Tensor>, IOnnxExportable
{
    private readonly string _opType;

    private protected IndexReduction(string name, string opType, long dim, bool keepDim)
        : base(name) => (_opType, Dim, KeepDim) = (opType, dim, keepDim);

    /// <summary>The dimension searched; negative counts from the end.</summary>
    public long Dim { get; }

    /// <summary>Whether that dimension stays, with size 1.</summary>
    public bool KeepDim { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) =>
        [context.Node(_opType, [inputs[0]], ("axis", Dim), ("keepdims", KeepDim))];
}
