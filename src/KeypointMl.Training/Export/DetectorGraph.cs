using KeypointMl.Data.Frames;
using KeypointMl.Training.Calibration;
using KeypointMl.Training.Postprocessing;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Export;

/// <summary>
/// A detector (η∘Φ) with its contract, and its supervised post-processing and the calibration of its confidences where
/// it has them: image uint8 [N,H,W,3] → keypoints [N,K,2] in pixels, confidence [N,K] in [0,1].
/// </summary>
internal sealed class DetectorGraph : Module<Tensor, (Tensor Keypoints, Tensor Confidence)>
{
    private readonly ImageInputNodes input = new();
    private readonly Module<Tensor, (Tensor Keypoints, Tensor Confidence)> detector;
    private readonly LinearPostprocessor? postprocessor;
    private readonly ConfidenceCalibrator? calibrator;
    private readonly CoordinateScale pixels;

    public DetectorGraph(
        Module<Tensor, (Tensor Keypoints, Tensor Confidence)> detector, LinearPostprocessor? postprocessor,
        ConfidenceCalibrator? calibrator, int width, int height)
        : base(nameof(DetectorGraph))
    {
        this.detector = detector;
        this.postprocessor = postprocessor;
        this.calibrator = calibrator;
        pixels = CoordinateScale.ToPixels(width, height);
        RegisterComponents();
    }

    public override (Tensor Keypoints, Tensor Confidence) forward(Tensor image)
    {
        (Tensor keypoints, Tensor confidence) = detector.call(input.call(image));
        if (postprocessor is not null)
            (keypoints, confidence) = postprocessor.call(keypoints, confidence);
        return (pixels.call(keypoints), calibrator?.call(confidence) ?? confidence);
    }
}

/// <summary>How <see cref="ModelExporter.ExportDetector"/> writes a detector.</summary>
public sealed record DetectorExportOptions
{
    /// <summary>
    /// Append the run's supervised post-processing (<c>postprocessing.safetensors</c>) to the graph; for imm, whose
    /// landmarks are no keypoints, it always is. Default: false.
    /// </summary>
    public bool Postprocess { get; init; }

    /// <summary>The arithmetic of the graph. Default: <see cref="ExportPrecision.Float32"/>.</summary>
    public ExportPrecision Precision { get; init; }

    /// <summary>
    /// How many training frames ranges of 8-bit integers are measured on, spread evenly, or all where there are fewer;
    /// at least 1. Default: 256.
    /// </summary>
    public int CalibrationFrames { get; init; } = 256;

    /// <summary>
    /// Labelled test frames of the run's size, to measure what a precision below 32 bits costs; null (the default)
    /// leaves that out. They are measured on once the graph is final, and decide nothing.
    /// </summary>
    public LabelledFrames? Test { get; init; }
}
