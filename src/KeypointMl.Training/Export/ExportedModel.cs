using KeypointMl.Data.Frames;
using KeypointMl.Onnx.Model;
using KeypointMl.Poses.Metrics;
using KeypointMl.Training.Evaluation;

namespace KeypointMl.Training.Export;

/// <summary>One written ONNX file and how it was checked.</summary>
/// <param name="Path">The file.</param>
/// <param name="LargestDifference">
/// Largest difference between TorchSharp and ONNX Runtime on the checked frames: pixels for the detector, grey levels
/// (of 255) for the generator.
/// </param>
/// <param name="CheckedFrames">How many frames were compared.</param>
/// <param name="CheckedOn">Which frames.</param>
public sealed record ExportedModel(string Path, double LargestDifference, int CheckedFrames, string CheckedOn)
{
    /// <summary>What a precision below 32 bits costs on test frames; null where it was not measured.</summary>
    public PrecisionCost? Cost { get; init; }
}

/// <summary>What an exported graph must keep to before its file is written.</summary>
internal static class ExportCheck
{
    /// <summary>The largest difference; NaN where one is, which <c>Max</c> would pass over.</summary>
    public static double Largest(IEnumerable<double> differences) =>
        differences.Aggregate(0.0, (largest, next) => double.IsNaN(next) || double.IsNaN(largest) ? double.NaN : Math.Max(largest, next));

    /// <summary>Refuses a difference, NaN too.</summary>
    /// <exception cref="InvalidOperationException">It is above the tolerance.</exception>
    public static void Require(double difference, double tolerance, string what, string unit)
    {
        if (!(difference <= tolerance))
        {
            throw new InvalidOperationException(
                "The exported graph differs from the trained network: "
                + $"the {what} is {difference:G3} {unit}, and {tolerance:G3} are allowed. Nothing was written; "
                + "please report this with the recipe.");
        }
    }
}

/// <summary>The comparison of ONNX Runtime with TorchSharp that an export makes.</summary>
internal sealed record ExportDifference(double LargestDifference, int Frames, string CheckedOn, string Unit);

/// <summary>
/// The error of a detector in 32-bit floats and in a lower precision, on the same labelled frames by the same
/// runtime.
/// </summary>
/// <param name="Protocol">What the errors are of.</param>
/// <param name="Frames">How many frames.</param>
/// <param name="Float32Error">Error in 32-bit floats, per cent of the image.</param>
/// <param name="Error">Error in the lower precision, per cent of the image.</param>
public sealed record PrecisionCost(string Protocol, int Frames, double Float32Error, double Error)
{
    /// <summary>How much larger the error is, as a share of that in 32-bit floats; negative where it is smaller.</summary>
    public double Relative => (Error / Float32Error) - 1;

    internal static PrecisionCost Measure(OnnxModel exact, OnnxModel lowered, LabelledFrames test)
    {
        KeypointMetrics before = ExportedDetectorEvaluation.Measure(exact.ToArray(), test, prior: null);
        KeypointMetrics after = ExportedDetectorEvaluation.Measure(lowered.ToArray(), test, prior: null);
        return new PrecisionCost(before.Protocol, before.Frames, before.ErrorPercentOfImage, after.ErrorPercentOfImage);
    }
}
