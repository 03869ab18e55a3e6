using System.Collections.Immutable;

namespace KeypointMl.Onnx;

/// <summary>What <see cref="OnnxQuantizer"/> quantises, and how.</summary>
public sealed record OnnxQuantizationOptions
{
    /// <summary>The values used where none are given.</summary>
    public static OnnxQuantizationOptions Default { get; } = new();

    /// <summary>The integer type of activations. Default: <see cref="QuantizedActivation.UInt8"/>.</summary>
    public QuantizedActivation Activation { get; init; } = QuantizedActivation.UInt8;

    /// <summary>How ranges are chosen. Default: <see cref="CalibrationMethod.Percentile"/>.</summary>
    public CalibrationMethod Calibration { get; init; } = CalibrationMethod.Percentile;

    /// <summary>For <see cref="CalibrationMethod.Percentile"/>: how many of 100 values the range holds, above 50 and at most 100. Default: 99.99.</summary>
    public double Percentile { get; init; } = 99.99;

    /// <summary>
    /// Whether ungrouped convolutions of fewer than 4 input channels, or of fewer than 16 both in and out, stay in 32-bit floats: there ONNX Runtime's integer kernels were slower
    /// than its float kernels (benchmarks/README.md). Set it to false for an accelerator that wants integers everywhere. Default: true.
    /// </summary>
    public bool SkipNarrowConvolutions { get; init; } = true;

    /// <summary>
    /// Names of nodes that stay in 32-bit floats; <c>*</c> stands for any characters and <c>?</c> for one, as in <c>eta.*</c>. A pattern that names no node is an error. Default: none.
    /// </summary>
    public ImmutableArray<string> ExcludedNodes { get; init; } = [];

    /// <summary>Operators that stay in 32-bit floats, such as <c>Gemm</c>. Default: none.</summary>
    public ImmutableArray<string> ExcludedOperators { get; init; } = [];

    /// <summary>
    /// The error of an output that may not be exceeded: convolutions and matrix products are kept in 32-bit floats, the most sensitive first, until it is not. Default: null, no
    /// such search. With a limit the calibration batches are kept in memory, because the model is run on them again and again.
    /// </summary>
    public OutputErrorLimit? ErrorLimit { get; init; }

    internal void Validate()
    {
        if (!Enum.IsDefined(Activation))
            throw new ArgumentOutOfRangeException(nameof(Activation), Activation, $"Expected one of {string.Join(", ", Enum.GetNames<QuantizedActivation>())}.");
        if (!Enum.IsDefined(Calibration))
            throw new ArgumentOutOfRangeException(nameof(Calibration), Calibration, $"Expected one of {string.Join(", ", Enum.GetNames<CalibrationMethod>())}.");
        if (!(Percentile is > 50 and <= 100))
            throw new ArgumentOutOfRangeException(nameof(Percentile), Percentile, "The percentile must be above 50 and at most 100.");
    }
}
