using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Networks;

/// <summary>The detector at test time: η∘Φ. Owns both.</summary>
internal sealed class PoseDetector : Module<Tensor, (Tensor Keypoints, Tensor Confidence)>
{
    private readonly Module<Tensor, Tensor> phi;
    private readonly KeypointRegressor eta;

    /// <param name="phi">Φ.</param>
    /// <param name="eta">η.</param>
    public PoseDetector(Module<Tensor, Tensor> phi, KeypointRegressor eta)
        : base(nameof(PoseDetector))
    {
        this.phi = phi;
        this.eta = eta;
        RegisterComponents();
    }

    /// <summary>x [N,3,H,W] in [−1,1] → keypoints p [N,K,2] (x,y) in [−1,1] and confidence [N,K] in [0,1].</summary>
    public override (Tensor Keypoints, Tensor Confidence) forward(Tensor image) => eta.call(phi.call(image));
}
