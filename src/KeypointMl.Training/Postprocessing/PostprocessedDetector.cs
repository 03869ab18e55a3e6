using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training;

/// <summary>A detector followed by a <see cref="LinearPostprocessor"/>. Owns neither.</summary>
internal sealed class PostprocessedDetector(Module<Tensor, (Tensor Keypoints, Tensor Confidence)> detector, LinearPostprocessor postprocessor)
    : Module<Tensor, (Tensor Keypoints, Tensor Confidence)>(nameof(PostprocessedDetector))
{
    /// <summary>Image [N,3,H,W] in [−1,1] → keypoints [N,K,2] in [−1,1] and confidence [N,K].</summary>
    public override (Tensor Keypoints, Tensor Confidence) forward(Tensor image)
    {
        (Tensor landmarks, Tensor confidence) = detector.call(image);
        return postprocessor.call(landmarks, confidence);
    }
}
