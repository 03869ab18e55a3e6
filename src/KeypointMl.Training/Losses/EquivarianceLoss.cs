using KeypointMl.Training.Augmentations;
using static TorchSharp.torch;

namespace KeypointMl.Training.Losses;

/// <summary>
/// Affine equivariance of η∘Φ (beyond the paper): the keypoints of two affine views of one frame, mapped back to the frame, must agree.
/// L_eq = 100·mean‖A₁p₁ − A₂p₂‖² in crop units (1 = the crop's width).
/// </summary>
internal static class EquivarianceLoss
{
    /// <summary>p₁, p₂ [N,K,2] in [−1,1] of the two views, and the views' warps [N,2,3] (<see cref="AffineWarp"/>) → a scalar.</summary>
    public static Tensor Compute(Tensor first, Tensor firstWarp, Tensor second, Tensor secondWarp)
    {
        Tensor difference = AffineWarp.ToOriginal(first, firstWarp) - AffineWarp.ToOriginal(second, secondWarp);
        return 100 * 0.25 * difference.square().sum(-1).mean(); // 0.25: [−1,1] is two crop units wide
    }
}
