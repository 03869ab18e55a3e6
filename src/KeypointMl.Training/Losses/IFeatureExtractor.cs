using static TorchSharp.torch;

namespace KeypointMl.Training;

/// <summary>Γ of equation 4: what two images are compared by.</summary>
public interface IFeatureExtractor
{
    /// <summary>The number of feature maps that <see cref="Extract"/> returns.</summary>
    int Count { get; }

    /// <summary>Image [N,3,H,W] in [−1,1] → feature maps of any shape, differentiable in the image.</summary>
    IReadOnlyList<Tensor> Extract(Tensor image);
}
