using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Networks;

/// <summary>
/// η of section 3.1: skeleton image y → keypoints p. The trunk with instance norm, a 1×1 convolution to K heat maps,
/// and a soft-argmax per axis (the authors' release).
/// </summary>
public sealed class KeypointRegressor : Module<Tensor, (Tensor Keypoints, Tensor Confidence)>
{
    private readonly EncoderTrunk trunk;
    private readonly Convolution heatmaps;
    private readonly SoftArgmax softArgmax;

    /// <param name="keypoints">K.</param>
    /// <param name="width">Base width w; the authors: 32.</param>
    /// <param name="inputChannels">1 for skeleton images; 3 for images, as the landmark detector of imm.</param>
    /// <param name="normalization">Instance for η; batch for imm.</param>
    public KeypointRegressor(
        int keypoints, int width, int inputChannels = 1, NetworkNormalization normalization = NetworkNormalization.Instance)
        : base(nameof(KeypointRegressor))
    {
        trunk = new EncoderTrunk(inputChannels, width, normalization);
        heatmaps = new Convolution(8 * width, keypoints, 1, isLast: true);
        softArgmax = new SoftArgmax();
        RegisterComponents();
        Initialization.Release(this);
    }

    /// <summary>
    /// y [N,1,H,W] (or images) → keypoints p [N,K,2] (x,y) in [−1,1] and confidence [N,K] in [0,1] (see
    /// <see cref="SoftArgmax"/>).
    /// </summary>
    public override (Tensor Keypoints, Tensor Confidence) forward(Tensor skeletonImage) =>
        softArgmax.call(heatmaps.call(trunk.call(skeletonImage).Eighth));
}
