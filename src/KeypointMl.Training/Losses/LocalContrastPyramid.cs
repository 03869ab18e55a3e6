using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Losses;

/// <summary>
/// A weight-free Γ for thin limbs: the image and its quarter, and local contrast at three scales: grey values less the
/// mean of their surroundings, divided by their standard deviation. A faint leg on a dark ground then counts as much as
/// the edge of a bright body.
/// </summary>
public sealed class LocalContrastPyramid : IFeatureExtractor
{
    private const int Scales = 3;
    private const int Window = 9;
    private const double Floor = 0.01; // of the variance in [−1,1]²: noise on an even ground is not made contrast

    /// <inheritdoc/>
    public int Count => Scales + 2;

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Extract(Tensor image)
    {
        var features = new List<Tensor> { image, functional.avg_pool2d(image, 4) };
        Tensor grey = image.mean([1L], keepdim: true);
        for (int scale = 0; scale < Scales; scale++)
        {
            if (scale > 0)
                grey = functional.avg_pool2d(grey, 2);
            Tensor deviation = grey - Surroundings(grey);
            features.Add(deviation / (Surroundings(deviation.square()) + Floor).sqrt());
        }
        return features;
    }

    /// <summary>
    /// The mean over a square window, of what of it lies in the image; a row and then a column, as a sum of both is
    /// cheaper than one of their product.
    /// </summary>
    private static Tensor Surroundings(Tensor grey)
    {
        Tensor rows = functional.avg_pool2d(
            grey, kernel_size: [1, Window], stride: [1, 1], padding: [0, Window / 2], count_include_pad: false);
        return functional.avg_pool2d(rows, kernel_size: [Window, 1], stride: [1, 1], padding: [Window / 2, 0], count_include_pad: false);
    }
}
