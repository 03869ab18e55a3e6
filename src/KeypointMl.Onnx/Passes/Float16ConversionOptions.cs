using System.Collections.Immutable;

namespace KeypointMl.Onnx.Passes;

/// <summary>What <see cref="Float16Conversion"/> leaves in 32-bit floats.</summary>
public sealed record Float16ConversionOptions
{
    /// <summary>
    /// Operators that stay, because they sum over many elements, divide by what may be small, or leave the range of
    /// 16-bit floats (6·10⁻⁸ … 65504). Div and Reciprocal stay too, unless the divisor is stored and what is divided is
    /// of 16 bits; so do sums, products and roots of 32-bit values on the way to a divisor, and, with Pow, squares that
    /// are written as a Mul. Default: <see cref="DefaultKeepOperators"/>.
    /// </summary>
    public ImmutableHashSet<string> KeepOperators { get; init; } = DefaultKeepOperators;

    /// <summary>Names of nodes that stay; <c>*</c> stands for any text, as in <c>eta.softArgmax/*</c>. Default: none.</summary>
    public ImmutableArray<string> KeepNodes { get; init; } = [];

    /// <summary>
    /// Names of nodes that stay together with everything computed from them, as one would keep the arithmetic of
    /// coordinates; <c>*</c> stands for any text. Default: none.
    /// </summary>
    public ImmutableArray<string> KeepFrom { get; init; } = [];

    /// <summary>
    /// Whether what lies in front of the first and behind the last layer with weights (Conv, ConvTranspose, Gemm,
    /// MatMul by a stored matrix) is converted too: on the one side the preparation of inputs, on the other
    /// coordinates, probabilities and pixels. It costs little in 32 bits and needs them. Default: false.
    /// </summary>
    public bool ConvertEdges { get; init; }

    /// <summary>
    /// Softmax and LogSoftmax, Exp, Log and Pow, the sums and means (Reduce…, CumSum, GlobalAveragePool, LpPool, LRN),
    /// the normalisations that compute statistics, and GridSample, whose coordinates have more digits than 11 bits.
    /// </summary>
    public static ImmutableHashSet<string> DefaultKeepOperators { get; } = ImmutableHashSet.Create(
        StringComparer.Ordinal,
        "Softmax", "LogSoftmax", "Exp", "Log", "Pow", "CumSum", "GlobalAveragePool", "LpPool", "LRN", "GridSample",
        "InstanceNormalization", "LayerNormalization", "GroupNormalization",
        "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMean", "ReduceProd", "ReduceSum", "ReduceSumSquare");
}
