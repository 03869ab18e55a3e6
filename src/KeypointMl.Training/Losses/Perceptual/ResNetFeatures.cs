using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Losses.Perceptual;

/// <summary>
/// Γ of equation 4 with a residual network in the place of VGG: the centred image itself, the first convolution, and
/// what each stage gives, after their ReLUs: at 1, 1/2, 1/4, 1/8 and 1/16 of the size for ResNet-18. Batch normalisation
/// is folded into the convolutions; no weight is trained.
/// </summary>
internal sealed class ResNetFeatures : IFeatureExtractor, IDisposable
{
    private readonly FrozenConvolution stem;
    private readonly (FrozenConvolution? Shortcut, FrozenConvolution First, FrozenConvolution Second)[][] stages;
    private readonly Tensor mean;  // [1,3,1,1]
    private readonly Tensor scale; // [1,3,1,1]

    /// <summary>Reads the weights of what is compared.</summary>
    /// <param name="path">The weight file; null: the one that ML.NET's package has put beside the program.</param>
    /// <param name="architecture">What it must be.</param>
    /// <param name="device">Where the images will be; null: on the CPU.</param>
    /// <inheritdoc cref="ResNetWeights.Open" path="/exception"/>
    public ResNetFeatures(string? path, ResNetArchitecture architecture, Device? device = null)
    {
        ResNetWeights weights = ResNetWeights.Open(path, architecture);
        stem = Convolution(architecture.Stem);
        stages = [.. architecture.Stages().Select(blocks => blocks
            .Select(block => (block.Shortcut is { } shortcut ? Convolution(shortcut) : null, Convolution(block.First),
                Convolution(block.Second))).ToArray())];
        mean = FrozenConvolution.Constant([.. weights.Mean], [1, 3, 1, 1], device);
        scale = FrozenConvolution.Constant([.. weights.StandardDeviation], [1, 3, 1, 1], device);

        FrozenConvolution Convolution(ResNetLayer layer)
        {
            (float[] kernel, float[] bias) = weights.Fold(layer);
            return new FrozenConvolution(kernel, [layer.Outputs, layer.Inputs, layer.Kernel, layer.Kernel], bias, layer.Stride, device);
        }
    }

    /// <inheritdoc/>
    public int Count => stages.Length + 2;

    /// <inheritdoc/>
    /// <remarks>The first feature is the centred image on the scale 0…255.</remarks>
    public IReadOnlyList<Tensor> Extract(Tensor image)
    {
        Tensor centred = (image + 1) * 127.5 - mean;
        Tensor x = stem.Apply(centred / scale).relu();
        var features = new List<Tensor>(Count) { centred, x };
        x = functional.max_pool2d(x, [3, 3], strides: [2, 2], padding: [1, 1]);
        foreach (var blocks in stages)
        {
            foreach ((FrozenConvolution? shortcut, FrozenConvolution first, FrozenConvolution second) in blocks)
                x = (second.Apply(first.Apply(x).relu()) + (shortcut is null ? x : shortcut.Apply(x))).relu();
            features.Add(x);
        }
        return features;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        stem.Dispose();
        foreach ((FrozenConvolution? shortcut, FrozenConvolution first, FrozenConvolution second) in stages.SelectMany(blocks => blocks))
        {
            shortcut?.Dispose();
            first.Dispose();
            second.Dispose();
        }
        mean.Dispose();
        scale.Dispose();
    }
}
