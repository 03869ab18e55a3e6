using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training;

/// <summary>A detector (η∘Φ) with its contract, and its supervised post-processing and the calibration of its confidences where it has them: image uint8 [N,H,W,3] → keypoints [N,K,2] in pixels, confidence [N,K] in [0,1].</summary>
internal sealed class DetectorGraph : Module<Tensor, (Tensor Keypoints, Tensor Confidence)>
{
    private readonly ImageInput input = new();
    private readonly Module<Tensor, (Tensor Keypoints, Tensor Confidence)> detector;
    private readonly LinearPostprocessor? postprocessor;
    private readonly ConfidenceCalibrator? calibrator;
    private readonly CoordinateScale pixels;

    public DetectorGraph(
        Module<Tensor, (Tensor Keypoints, Tensor Confidence)> detector, LinearPostprocessor? postprocessor, ConfidenceCalibrator? calibrator, int width, int height)
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
