using System.Collections.Immutable;
using KeypointMl.Onnx.TorchSharp.Converters;
using KeypointMl.Onnx.TorchSharp.Emitting;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Ops;

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

/// <summary>The sum over dimensions: <c>sum</c> as a module. ONNX: ReduceSum.</summary>
/// <param name="name">The module's name.</param>
/// <param name="dims">The dimensions reduced; negative counts from the end.</param>
/// <param name="keepDims">Whether reduced dimensions stay, with size 1.</param>
/// <exception cref="ArgumentException">No dimension is named.</exception>
public sealed class Sum(string name, long[] dims, bool keepDims = false) : Reduction(name, dims, keepDims)
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.sum([.. Dims], KeepDims);

    private protected override string Write(OnnxExportContext context, string x) =>
        Reducing.Reduce(context, "ReduceSum", Casting.ToResult(context, x), Dims, KeepDims);
}

/// <summary>The mean over dimensions: <c>mean</c> as a module. ONNX: ReduceMean.</summary>
/// <param name="name">The module's name.</param>
/// <param name="dims">The dimensions reduced; negative counts from the end.</param>
/// <param name="keepDims">Whether reduced dimensions stay, with size 1.</param>
/// <exception cref="ArgumentException">No dimension is named.</exception>
public sealed class Mean(string name, long[] dims, bool keepDims = false) : Reduction(name, dims, keepDims)
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.mean([.. Dims], KeepDims);

    private protected override string Write(OnnxExportContext context, string x) =>
        Reducing.Reduce(context, "ReduceMean", x, Dims, KeepDims);
}

/// <summary>The largest element over dimensions: <c>amax</c> as a module. ONNX: ReduceMax.</summary>
/// <param name="name">The module's name.</param>
/// <param name="dims">The dimensions reduced; negative counts from the end.</param>
/// <param name="keepDims">Whether reduced dimensions stay, with size 1.</param>
/// <exception cref="ArgumentException">No dimension is named.</exception>
public sealed class Maximum(string name, long[] dims, bool keepDims = false) : Reduction(name, dims, keepDims)
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.amax([.. Dims], KeepDims);

    private protected override string Write(OnnxExportContext context, string x) =>
        Reducing.Reduce(context, "ReduceMax", x, Dims, KeepDims);
}

/// <summary>The smallest element over dimensions: <c>amin</c> as a module. ONNX: ReduceMin.</summary>
/// <param name="name">The module's name.</param>
/// <param name="dims">The dimensions reduced; negative counts from the end.</param>
/// <param name="keepDims">Whether reduced dimensions stay, with size 1.</param>
/// <exception cref="ArgumentException">No dimension is named.</exception>
public sealed class Minimum(string name, long[] dims, bool keepDims = false) : Reduction(name, dims, keepDims)
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.amin([.. Dims], KeepDims);

    private protected override string Write(OnnxExportContext context, string x) =>
        Reducing.Reduce(context, "ReduceMin", x, Dims, KeepDims);
}

/// <summary>log Σ exp(x) over a dimension of a floating-point tensor: <c>logsumexp</c> as a module. ONNX: ReduceLogSumExp.</summary>
/// <param name="name">The module's name.</param>
/// <param name="dim">The dimension reduced; negative counts from the end.</param>
/// <param name="keepDims">Whether the reduced dimension stays, with size 1.</param>
public sealed class LogSumExp(string name, long dim, bool keepDims = false) : Reduction(name, [dim], keepDims)
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.logsumexp(Dims[0], KeepDims);

    private protected override string Write(OnnxExportContext context, string x) =>
        Reducing.Reduce(context, "ReduceLogSumExp", x, Dims, KeepDims);
}

/// <summary>
/// The p-norm over dimensions of a floating-point tensor: <c>torch.linalg.vector_norm</c> as a module. ONNX: ReduceL1,
/// ReduceL2, ReduceMax or ReduceMin of Abs for ±∞, or Abs, Pow and ReduceSum.
/// </summary>
/// <param name="name">The module's name.</param>
/// <param name="dims">The dimensions reduced; negative counts from the end.</param>
/// <param name="keepDims">Whether reduced dimensions stay, with size 1.</param>
/// <param name="p">The order; 2 is the Euclidean length, 0 counts elements that are not 0.</param>
/// <exception cref="ArgumentException">No dimension is named.</exception>
public sealed class Norm(string name, long[] dims, bool keepDims = false, double p = 2) : Reduction(name, dims, keepDims)
{
    /// <summary>The order of the norm.</summary>
    public double P { get; } = p;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => linalg.vector_norm(input, P, [.. Dims], KeepDims);

    private protected override string Write(OnnxExportContext context, string x) => Reducing.Norm(context, x, P, Dims, KeepDims);
}

/// <summary>
/// Divides vectors along a dimension by their p-norm, which counts as <c>eps</c> at least:
/// <c>torch.nn.functional.normalize</c> as a module. ONNX: as <see cref="Norm"/>, then Max and Div.
/// </summary>
/// <param name="name">The module's name.</param>
/// <param name="dim">The dimension along which the vectors lie; negative counts from the end.</param>
/// <param name="p">The order of the norm.</param>
/// <param name="eps">The smallest divisor.</param>
public sealed class Normalize(
    string name, long dim = 1, double p = 2, double eps = 1e-12) : nn.Module<Tensor, Tensor>(name), IOnnxExportable
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => nn.functional.normalize(input, p, dim, eps);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) =>
        [Reducing.Normalize(context, inputs[0], p, dim, eps)];
}
