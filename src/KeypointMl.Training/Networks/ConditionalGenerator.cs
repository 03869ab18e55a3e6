using KeypointMl.Onnx.TorchSharp.Ops;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Networks;

/// <summary>
/// Ψ of equation 3: (skeleton image y*, appearance image x′) → x̂. Two trunks whose features are concatenated, and a
/// bilinear decoder, batch norm (the authors' release).
/// </summary>
public sealed class ConditionalGenerator : Module<Tensor, Tensor, Tensor>
{
    private readonly EncoderTrunk pose;
    private readonly Convolution poseBottleneck;
    private readonly EncoderTrunk? style;
    private readonly Convolution? styleBottleneck;
    private readonly SpatialMean? pool;
    private readonly Concat? concat;
    private readonly Sequential decoder;

    /// <param name="width">Base width w; the authors: 32.</param>
    /// <param name="stylePooling">Average-pool the appearance's features over the image (an option of the release).</param>
    /// <param name="conditional">False: a plain generator, as CycleGAN's, that does not look at the appearance image.</param>
    public ConditionalGenerator(int width, bool stylePooling = false, bool conditional = true)
        : base(nameof(ConditionalGenerator))
    {
        pose = new EncoderTrunk(1, width, NetworkNormalization.Batch);
        poseBottleneck = new Convolution(8 * width, 8 * width, 1);
        if (conditional)
        {
            style = new EncoderTrunk(3, width, NetworkNormalization.Batch);
            styleBottleneck = new Convolution(8 * width, 8 * width, 1);
            pool = stylePooling ? new SpatialMean() : null;
            concat = new Concat("concat", 1);
        }
        decoder = Decoder(conditional ? 16 * width : 8 * width, width);
        RegisterComponents();
        Initialization.Release(this);
    }

    /// <summary>y* [N,1,H,W] in [−1,1] and x′ [N,3,H,W] in [−1,1] → x̂ [N,3,H,W], trained towards [−1,1].</summary>
    public override Tensor forward(Tensor skeletonImage, Tensor appearance)
    {
        Tensor poseCode = poseBottleneck.call(pose.call(skeletonImage).Eighth);
        if (style is null)
            return decoder.call(poseCode);
        Tensor styleCode = styleBottleneck!.call(style.call(appearance).Eighth);
        if (pool is not null)
            styleCode = pool.call(styleCode);
        return decoder.call(concat!.call(poseCode, styleCode));
    }

    /// <summary>
    /// Features [N,C,H/8,W/8] → image [N,3,H,W]: three times two convolutions and bilinear ×2, then two convolutions,
    /// the last without activation.
    /// </summary>
    internal static Sequential Decoder(int channels, int width)
    {
        var layers = new List<Module<Tensor, Tensor>>();
        for (int level = EncoderTrunk.Halvings; level > 0; level--)
        {
            layers.Add(new ConvBlock(channels, width << level, NetworkNormalization.Batch));
            layers.Add(new ConvBlock(width << level, width << level, NetworkNormalization.Batch));
            layers.Add(Upsample(scale_factor: [2, 2], mode: UpsampleMode.Bilinear, align_corners: false));
            channels = width << level;
        }
        layers.Add(new ConvBlock(channels, width, NetworkNormalization.Batch));
        layers.Add(new Convolution(width, 3, 3, padding: 1, isLast: true));
        return Sequential(layers);
    }
}
