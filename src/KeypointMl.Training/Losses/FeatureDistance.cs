using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Losses;

/// <summary>How two feature maps are compared.</summary>
public enum FeatureDistance
{
    /// <summary>Mean squared difference (equation 4).</summary>
    SquaredL2,

    /// <summary>Mean absolute difference (the release's option 'l1').</summary>
    L1,
}

/// <summary>Γ of equation 4: what two images are compared by.</summary>
public interface IFeatureExtractor
{
    /// <summary>The number of feature maps that <see cref="Extract"/> returns.</summary>
    int Count { get; }

    /// <summary>Image [N,3,H,W] in [−1,1] → feature maps of any shape, differentiable in the image.</summary>
    IReadOnlyList<Tensor> Extract(Tensor image);
}

/// <summary>The weight-free Γ: the image itself and its average-pooled halves. Needs no pre-trained network.</summary>
/// <param name="levels">Number of levels, the image included.</param>
public sealed class AveragePoolPyramid(int levels) : IFeatureExtractor
{
    /// <inheritdoc/>
    public int Count => levels;

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Extract(Tensor image)
    {
        var features = new Tensor[levels];
        features[0] = image;
        for (int level = 1; level < levels; level++)
            features[level] = functional.avg_pool2d(features[level - 1], 2);
        return features;
    }
}
