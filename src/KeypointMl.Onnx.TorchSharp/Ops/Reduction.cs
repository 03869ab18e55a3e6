using System.Collections.Immutable;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>An operation that reduces dimensions of a tensor to one element, as a module, so that the exporter sees it.</summary>
public abstract class Reduction : nn.Module<Tensor, Tensor>, IOnnxExportable
{
    private protected Reduction(string name, IReadOnlyCollection<long> dims, bool keepDims)
        : base(name)
    {
        if (dims.Count == 0)
            throw new ArgumentException($"'{name}' must name at least one dimension to reduce.", nameof(dims));
        Dims = [.. dims];
        KeepDims = keepDims;
    }

    /// <summary>The dimensions reduced; negative counts from the end.</summary>
    public ImmutableArray<long> Dims { get; }

    /// <summary>Whether reduced dimensions stay, with size 1.</summary>
    public bool KeepDims { get; }

    private protected abstract string OpType { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs)
    {
        // The axes moved from an attribute to an input: for ReduceSum in opset 13, for the others in opset 18.
        bool asInput = context.Opset >= 18 || OpType == "ReduceSum";
        return
        [
            asInput
                ? context.Node(OpType, [inputs[0], context.Constant("axes", [.. Dims])], ("keepdims", KeepDims))
                : context.Node(OpType, [inputs[0]], ("axes", Dims), ("keepdims", KeepDims)),
        ];
    }
}
