using System.Collections.Immutable;
using Microsoft.ML.OnnxRuntime;

namespace KeypointMl.Onnx.Quantization;

/// <summary>What <see cref="OnnxQuantizer"/> quantises, and how.</summary>
public sealed record OnnxQuantizationOptions
{
    /// <summary>The values used where none are given.</summary>
    public static OnnxQuantizationOptions Default { get; } = new();

    /// <summary>The integer type of activations. Default: <see cref="QuantizedActivation.UInt8"/>.</summary>
    public QuantizedActivation Activation { get; init; } = QuantizedActivation.UInt8;

    /// <summary>How ranges are chosen. Default: <see cref="CalibrationMethod.Percentile"/>.</summary>
    public CalibrationMethod Calibration { get; init; } = CalibrationMethod.Percentile;

    /// <summary>
    /// For <see cref="CalibrationMethod.Percentile"/>: how many of 100 values the range holds, above 50 and at most
    /// 100. Default: 99.99.
    /// </summary>
    public double Percentile { get; init; } = 99.99;

    /// <summary>
    /// Whether ungrouped convolutions of fewer than 4 input channels, or of fewer than 16 both in and out, stay in
    /// 32-bit floats: there ONNX Runtime's integer kernels were slower than its float kernels (benchmarks/README.md).
    /// Set it to false for an accelerator that wants integers everywhere. Default: true.
    /// </summary>
    public bool SkipNarrowConvolutions { get; init; } = true;

    /// <summary>
    /// Names of nodes that stay in 32-bit floats; <c>*</c> stands for any characters and <c>?</c> for one, as in
    /// <c>eta.*</c>. A pattern that names no node is an error. Default: none.
    /// </summary>
    public ImmutableArray<string> ExcludedNodes { get; init; } = [];

    /// <summary>Operators that stay in 32-bit floats, such as <c>Gemm</c>. Default: none.</summary>
    public ImmutableArray<string> ExcludedOperators { get; init; } = [];

    /// <summary>
    /// The error of an output that may not be exceeded: convolutions and matrix products are kept in 32-bit floats, the
    /// most sensitive first, until it is not. Default: null, no such search. With a limit the calibration batches are
    /// kept in memory, because the model is run on them again and again.
    /// </summary>
    public OutputErrorLimit? ErrorLimit { get; init; }

    internal void Validate()
    {
        if (!Enum.IsDefined(Activation))
        {
            throw new ArgumentOutOfRangeException(
                nameof(Activation), Activation, $"Expected one of {string.Join(", ", Enum.GetNames<QuantizedActivation>())}.");
        }
        if (!Enum.IsDefined(Calibration))
        {
            throw new ArgumentOutOfRangeException(
                nameof(Calibration), Calibration, $"Expected one of {string.Join(", ", Enum.GetNames<CalibrationMethod>())}.");
        }
        if (!(Percentile is > 50 and <= 100))
            throw new ArgumentOutOfRangeException(nameof(Percentile), Percentile, "The percentile must be above 50 and at most 100.");
    }
}

/// <summary>
/// How the range of an activation is chosen from the values seen in calibration. A narrow range has fine steps and cuts
/// outliers off; a wide one is coarse and cuts nothing off.
/// </summary>
public enum CalibrationMethod
{
    /// <summary>From the smallest to the largest value seen: nothing is cut off.</summary>
    MinMax,

    /// <summary>
    /// The range that holds <see cref="OnnxQuantizationOptions.Percentile"/> of the values, with as many cut off below
    /// as above; read off a histogram.
    /// </summary>
    Percentile,

    /// <summary>
    /// The range whose 256 steps keep the most of the histogram's information: least Kullback–Leibler divergence
    /// between the cut-off histogram and the same in 256 steps (S. Migacz, '8-bit inference with TensorRT', GTC 2017;
    /// ONNX Runtime's 'Entropy' calibrator does the same with 128 steps).
    /// </summary>
    Entropy,
}

/// <summary>The error of one output that quantisation may not exceed.</summary>
/// <param name="Output">The output's name; it must be of 32-bit floats.</param>
/// <param name="Limit">The largest allowed error, in the unit of <see cref="Measure"/>.</param>
public sealed record OutputErrorLimit(string Output, double Limit)
{
    /// <summary>How the error is measured. Default: <see cref="OutputErrors.MeanAbsolute"/>.</summary>
    public OutputErrorMeasure Measure { get; init; } = OutputErrors.MeanAbsolute;
}

/// <summary>
/// Keeps ONNX Runtime's 8-bit kernels from overflowing. On x64 processors without VNNI they add two products of
/// unsigned and signed bytes in 16 bits, which may not hold them: results were off by 40 % of their range. With this
/// setting such processors compute with unsigned weights; others ignore it (ONNX Runtime,
/// <c>onnxruntime_session_options_config_keys.h</c>).
/// </summary>
internal static class IntegerOverflow
{
    /// <summary>Sets it for a session.</summary>
    public static void Avoid(SessionOptions options) => options.AddSessionConfigEntry("session.x64quantprecision", "1");
}
