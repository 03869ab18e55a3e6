using KeypointMl.Training.Checkpoints.Weights;
using KeypointMl.Training.Recipes.Sections;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Losses.Perceptual;

/// <summary>
/// Γ of equation 4 as the authors' release has it: the image itself and the outputs of conv1_2, conv2_2, conv3_2,
/// conv4_2 and conv5_2 of a VGG network whose weights the user supplies. The image is rescaled to 0…255 and centred; no
/// weight is trained.
/// </summary>
internal sealed class VggFeatures : IFeatureExtractor, IDisposable
{
    /// <summary>The mean of ImageNet's red, green and blue, 0…255.</summary>
    internal static readonly float[] Mean = [123.68f, 116.779f, 103.939f];

    /// <summary>Their standard deviations, by which torchvision's networks expect the centred image to be divided.</summary>
    internal static readonly float[] StandardDeviation = [255 * 0.229f, 255 * 0.224f, 255 * 0.225f];

    /// <summary>The mean grey of the networks trained by colorization (Larsson et al. 2017); their images are 0…1.</summary>
    internal const float GreyMean = 114.451f;

    private const int TappedConvolution = 1;
    private readonly (VggLayer Layer, FrozenConvolution Convolution)[] layers;
    private readonly bool relu;
    private readonly Tensor mean;   // [1,3,1,1]
    private readonly Tensor? scale; // [1,3,1,1]
    private readonly bool grey;

    /// <summary>Reads the weights up to the last convolution that is compared.</summary>
    /// <param name="path">The weight file.</param>
    /// <param name="architecture">What it must be.</param>
    /// <param name="relu">
    /// Apply a ReLU after every convolution, as the network was trained (imm); the authors' release applies none.
    /// </param>
    /// <param name="input">How the network was trained to see images.</param>
    /// <param name="device">Where the images will be; null: on the CPU.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">The file is not that network.</exception>
    public VggFeatures(string path, VggArchitecture architecture, bool relu, PerceptualInput input, Device? device = null)
    {
        IReadOnlyList<(VggLayer Layer, WeightArray Kernel, WeightArray Bias)> weights = VggWeights.Open(path, architecture);
        grey = weights[0].Kernel.Shape[1] == 1;
        if (grey && input == PerceptualInput.Standardised)
        {
            throw new InvalidDataException(
                $"'{path}' sees grey images (its first convolution has one input); losses.perceptual.input must be centred.");
        }
        int last = weights.Select((layer, index) => layer.Layer.Index == TappedConvolution ? index : 0).Max();
        layers = [.. weights.Take(last + 1).Select(layer => (layer.Layer, new FrozenConvolution(
            layer.Kernel.Read(), layer.Kernel.Shape.AsSpan(), layer.Bias.Read(), stride: 1, device)))];
        Count = 1 + layers.Count(layer => layer.Layer.Index == TappedConvolution);
        this.relu = relu;
        mean = FrozenConvolution.Constant(Mean, [1, 3, 1, 1], device);
        scale = input == PerceptualInput.Standardised ? FrozenConvolution.Constant(StandardDeviation, [1, 3, 1, 1], device) : null;
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    /// <remarks>The first feature is the centred image on the scale 0…255, whatever the network sees.</remarks>
    public IReadOnlyList<Tensor> Extract(Tensor image)
    {
        Tensor pixels = (image + 1) * 127.5;
        Tensor centred = pixels - mean;
        var features = new List<Tensor>(Count) { centred };
        Tensor x = grey ? (pixels.mean([1L], keepdim: true) - GreyMean) / 255 : scale is null ? centred : centred / scale;
        foreach ((VggLayer layer, FrozenConvolution convolution) in layers)
        {
            if (layer is { Block: > 0, Index: 0 })
                x = functional.max_pool2d(x, 2);
            x = convolution.Apply(x);
            if (relu)
                x = x.relu();
            if (layer.Index == TappedConvolution)
                features.Add(x);
        }
        return features;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((_, FrozenConvolution convolution) in layers)
            convolution.Dispose();
        mean.Dispose();
        scale?.Dispose();
    }
}
