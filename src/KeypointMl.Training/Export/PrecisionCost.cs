using KeypointMl.Data;
using KeypointMl.Onnx;
using KeypointMl.Poses;

namespace KeypointMl.Training;

/// <summary>The error of a detector in 32-bit floats and in a lower precision, on the same labelled frames through the same ML.NET pipeline.</summary>
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
