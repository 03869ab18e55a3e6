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

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) => [Write(context, inputs[0])];

    private protected abstract string Write(OnnxExportContext context, string x);
}
