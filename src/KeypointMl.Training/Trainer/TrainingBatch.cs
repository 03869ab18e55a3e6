using static TorchSharp.torch;

namespace KeypointMl.Training;

/// <summary>What one step of KeypointGAN sees. Images [N,3,H,W] in [−1,1].</summary>
/// <param name="Image">x.</param>
/// <param name="Style">x′: another frame of x's video, or another warp of x.</param>
/// <param name="PriorPoses">p̄ [M,K,2] in [−1,1]: unpaired sample poses.</param>
/// <param name="SecondView">Another affine view of x's frame for the equivariance loss, or null.</param>
public sealed record TrainingBatch(Tensor Image, Tensor Style, Tensor PriorPoses, SecondView? SecondView);

/// <summary>A second affine view of the frame behind x.</summary>
/// <param name="Image">The view [N,3,H,W].</param>
/// <param name="FirstWarp">The warp [N,2,3] that made x from the frame (<see cref="AffineWarp"/>).</param>
/// <param name="SecondWarp">The warp [N,2,3] that made <paramref name="Image"/> from the frame.</param>
public sealed record SecondView(Tensor Image, Tensor FirstWarp, Tensor SecondWarp);
