using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training;

/// <summary>The detector η∘Φ with its contract: image uint8 [N,H,W,3] → keypoints [N,K,2] in pixels, confidence [N,K] in [0,1].</summary>
internal sealed class DetectorGraph : Module<Tensor, (Tensor Keypoints, Tensor Confidence)>
{
    private readonly ImageInput input = new();
    private readonly PoseEncoder phi;
    private readonly KeypointRegressor eta;
    private readonly CoordinateScale pixels;

    public DetectorGraph(PoseEncoder phi, KeypointRegressor eta, int width, int height)
        : base(nameof(DetectorGraph))
    {
        this.phi = phi;
        this.eta = eta;
        pixels = CoordinateScale.ToPixels(width, height);
        RegisterComponents();
    }

    public override (Tensor Keypoints, Tensor Confidence) forward(Tensor image)
    {
        (Tensor keypoints, Tensor confidence) = eta.call(phi.call(input.call(image)));
        return (pixels.call(keypoints), confidence);
    }
}
