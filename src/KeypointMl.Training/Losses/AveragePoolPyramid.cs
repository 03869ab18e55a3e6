using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training;

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
