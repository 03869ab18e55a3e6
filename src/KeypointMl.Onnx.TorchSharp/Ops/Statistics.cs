using KeypointMl.Onnx.TorchSharp.Converters;
using KeypointMl.Onnx.TorchSharp.Emitting;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Ops;

/// <summary>
/// The variance over dimensions of a floating-point tensor: <c>var</c> as a module. ONNX: ReduceMean, Sub, Mul,
/// ReduceSum and Div.
/// </summary>
/// <param name="name">The module's name.</param>
/// <param name="dims">The dimensions reduced, whose sizes must be fixed; negative counts from the end.</param>
/// <param name="keepDims">Whether reduced dimensions stay, with size 1.</param>
/// <param name="unbiased">Whether the sum of squares is divided by n − 1 (true) or by n.</param>
/// <exception cref="ArgumentException">No dimension is named.</exception>
public sealed class Variance(string name, long[] dims, bool keepDims = false, bool unbiased = true) : Reduction(name, dims, keepDims)
{
    /// <summary>Whether the sum of squares is divided by n − 1.</summary>
    public bool Unbiased { get; } = unbiased;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.var([.. Dims], Unbiased, KeepDims);

    private protected override string Write(OnnxExportContext context, string x) => Write(context, x, Dims, KeepDims, Unbiased);

    internal static string Write(OnnxExportContext context, string x, IReadOnlyCollection<long> dims, bool keepDims, bool unbiased)
    {
        long count = Reducing.CountOf(context, dims);
        string centred = context.Node("Sub", [x, Reducing.Reduce(context, "ReduceMean", x, dims, keepDims: true)]);
        string squares = Reducing.Reduce(context, "ReduceSum", context.Node("Mul", [centred, centred]), dims, keepDims);
        return context.Node("Div", [squares, context.Scalar("count", (double)(unbiased ? count - 1 : count))]);
    }
}

/// <summary>
/// The standard deviation over dimensions of a floating-point tensor: <c>std</c> as a module. ONNX: as
/// <see cref="Variance"/>, and Sqrt.
/// </summary>
/// <param name="name">The module's name.</param>
/// <param name="dims">The dimensions reduced, whose sizes must be fixed; negative counts from the end.</param>
/// <param name="keepDims">Whether reduced dimensions stay, with size 1.</param>
/// <param name="unbiased">Whether the sum of squares is divided by n − 1 (true) or by n.</param>
/// <exception cref="ArgumentException">No dimension is named.</exception>
public sealed class StandardDeviation(
    string name, long[] dims, bool keepDims = false, bool unbiased = true) : Reduction(name, dims, keepDims)
{
    /// <summary>Whether the sum of squares is divided by n − 1.</summary>
    public bool Unbiased { get; } = unbiased;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.std([.. Dims], Unbiased, KeepDims);

    private protected override string Write(OnnxExportContext context, string x) =>
        context.Node("Sqrt", [Variance.Write(context, x, Dims, KeepDims, Unbiased)]);
}
