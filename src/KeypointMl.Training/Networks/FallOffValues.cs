using KeypointMl.Poses;
using static TorchSharp.torch;

namespace KeypointMl.Training;

/// <summary>The fall-off of β on tensors: from a pixel's squared distance to its value.</summary>
internal static class FallOffValues
{
    /// <summary>Squared distances in [−1,1] units, any shape → 2v−1 in [−1,1], v = exp(−γ·d²) (the paper, equation 2) or exp(−d/σ²) (the release).</summary>
    public static Tensor Values(this SkeletonFallOff fallOff, Tensor squaredDistance)
    {
        Tensor value = fallOff.Kind == FallOff.Squared
            ? (squaredDistance * -fallOff.Value).exp()
            : ((squaredDistance + SkeletonFallOff.DistanceEpsilon).sqrt() * (-1 / fallOff.Value)).exp();
        return 2 * value - 1;
    }
}
