using System.Collections.Immutable;
using KeypointMl.Onnx.TorchSharp.Converters;
using KeypointMl.Onnx.TorchSharp.Emitting;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Ops;

/// <summary>Picks elements along a dimension by an index of the result's shape: <c>gather</c> as a module. ONNX: GatherElements.</summary>
/// <param name="name">The module's name.</param>
/// <param name="dim">The dimension; negative counts from the end.</param>
public sealed class Gather(string name, long dim) : nn.Module<Tensor, Tensor, Tensor>(name), IOnnxExportable
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input, Tensor index) => input.gather(dim, index);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) =>
        [context.Node("GatherElements", [.. inputs], ("axis", dim))];
}

/// <summary>Picks slices of a dimension by a vector of indices: <c>index_select</c> as a module. ONNX: Gather.</summary>
/// <param name="name">The module's name.</param>
/// <param name="dim">The dimension; negative counts from the end.</param>
public sealed class IndexSelect(string name, long dim) : nn.Module<Tensor, Tensor, Tensor>(name), IOnnxExportable
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input, Tensor index) => input.index_select(dim, index);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) =>
        [context.Node("Gather", [inputs[0], Indices(context, inputs[1])], ("axis", dim))];

    // libtorch takes one index for a vector of one; ONNX would take the dimension away.
    private static string Indices(OnnxExportContext context, string index) => context.InputShape(1).Length > 0
        ? index
        : context.Node("Unsqueeze", [index, context.Constant("axes", [0L])]);
}

/// <summary>Takes a range of a dimension: <c>slice</c> as a module. ONNX: Slice.</summary>
/// <param name="name">The module's name.</param>
/// <param name="dim">The dimension; negative counts from the end.</param>
/// <param name="start">The first index; negative counts from the end.</param>
/// <param name="end">One past the last index; negative counts from the end.</param>
/// <param name="step">From one index to the next, at least 1.</param>
public sealed class Slice(
    string name,
    long dim,
    long start,
    long end = long.MaxValue,
    long step = 1) : nn.Module<Tensor, Tensor>(name), IOnnxExportable
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.slice(dim, start, end, step);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) =>
        [ShapeNodes.Slice(context, inputs[0], dim, start, end, step)];
}

/// <summary>
/// Cuts a tensor along a dimension into parts of given sizes: <c>split</c> as a module with several results. ONNX:
/// Split.
/// </summary>
/// <param name="name">The module's name.</param>
/// <param name="dim">The dimension, whose size must be fixed; negative counts from the end.</param>
/// <param name="sizes">The parts' sizes, which add up to that of the dimension.</param>
public sealed class Split(string name, long dim, params long[] sizes) : nn.Module<Tensor, Tensor[]>(name), IOnnxExportable
{
    /// <summary>The parts' sizes.</summary>
    public ImmutableArray<long> Sizes { get; } = [.. sizes];

    /// <inheritdoc/>
    public override Tensor[] forward(Tensor input) => input.split([.. Sizes], dim);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) =>
        ShapeNodes.Split(context, inputs[0], dim, [.. Sizes]);
}

/// <summary>
/// The largest or smallest elements along a dimension, sorted, and where they are (64-bit integers): <c>topk</c> as a
/// module with two results. ONNX: TopK.
/// </summary>
/// <param name="name">The module's name.</param>
/// <param name="k">How many.</param>
/// <param name="dim">The dimension; negative counts from the end.</param>
/// <param name="largest">Whether the largest (true) or the smallest are wanted.</param>
public sealed class TopK(
    string name,
    int k,
    int dim = -1,
    bool largest = true) : nn.Module<Tensor, (Tensor Values, Tensor Indices)>(name), IOnnxExportable
{
    /// <inheritdoc/>
    public override (Tensor Values, Tensor Indices) forward(Tensor input) => input.topk(k, dim, largest, sorted: true);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) =>
        context.Node("TopK", [inputs[0], context.Constant("k", [(long)k])], 2, ("axis", dim), ("largest", largest));
}
