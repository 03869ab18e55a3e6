using KeypointMl.Onnx.TorchSharp.Ops;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Networks;

/// <summary>
/// Image → keypoints in one network, without a skeleton image in between: a U-Net whose first convolutions halve the
/// image, so that nothing is computed at full size, with a heat map per keypoint at ½ or ¼ of the size and one
/// soft-argmax over each (<see cref="HeatmapExpectation"/>). The student that is exported, and the articulation's
/// detector.
/// </summary>
public sealed class HeatmapDetector : Module<Tensor, (Tensor Keypoints, Tensor Confidence)>
{
    private const int Levels = 4;

    private readonly ConvBlock? stem;
    private readonly ModuleList<Module<Tensor, Tensor>> down = new();
    private readonly ModuleList<Module<Tensor, Tensor>> across = new();
    private readonly ConvBlock bottleneck;
    private readonly ModuleList<Module<Tensor, Tensor>> up = new();
    private readonly Upsample enlarge;
    private readonly Concat concat;
    private readonly Convolution heatmaps;
    private readonly HeatmapExpectation expectation;

    /// <param name="keypoints">K.</param>
    /// <param name="width">Channels w at the heat maps' size; the trunk doubles them three times.</param>
    /// <param name="stride">2 or 4: the heat maps are this many times smaller than the image.</param>
    public HeatmapDetector(int keypoints, int width, int stride)
        : base(nameof(HeatmapDetector))
    {
        if (stride is not (2 or 4))
            throw new ArgumentOutOfRangeException(nameof(stride), stride, "The heat maps are 2 or 4 times smaller than the image.");
        stem = stride == 4 ? new ConvBlock(3, width, NetworkNormalization.Batch, kernel: 5, stride: 2) : null;
        int channels = stem is null ? 3 : width;
        for (int level = 0; level < Levels; level++)
        {
            int outputs = width << level;
            down.Add(new ConvBlock(channels, outputs, NetworkNormalization.Batch, kernel: channels == 3 ? 5 : 3, stride: 2));
            across.Add(new ConvBlock(outputs, outputs, NetworkNormalization.Batch));
            channels = outputs;
        }
        bottleneck = new ConvBlock(channels, channels, NetworkNormalization.Batch);
        for (int level = Levels - 2; level >= 0; level--)
        {
            int outputs = width << Math.Max(level, 1);
            up.Add(new ConvBlock(channels + (width << level), outputs, NetworkNormalization.Batch));
            channels = outputs;
        }
        enlarge = Upsample(scale_factor: [2, 2], mode: UpsampleMode.Bilinear, align_corners: false);
        concat = new Concat("concat", 1);
        heatmaps = new Convolution(channels, keypoints, 1, isLast: true);
        expectation = new HeatmapExpectation(stride);
        RegisterComponents();
    }

    /// <summary>What a side of the image must be a multiple of.</summary>
    public static int SizeStep(int stride) => stride << (Levels - 1);

    /// <summary>Reads the heat maps.</summary>
    internal HeatmapExpectation Expectation => expectation;

    /// <summary>
    /// x [N,3,H,W] in [−1,1], sides multiples of <see cref="SizeStep"/> → keypoints [N,K,2] in [−1,1] and confidence
    /// [N,K] in [0,1].
    /// </summary>
    public override (Tensor Keypoints, Tensor Confidence) forward(Tensor image) => expectation.call(Heatmaps(image));

    /// <summary>x [N,3,H,W] → the heat maps' logits [N,K,H/stride,W/stride].</summary>
    public Tensor Heatmaps(Tensor image)
    {
        Tensor x = stem is null ? image : stem.call(image);
        var features = new Tensor[Levels];
        for (int level = 0; level < Levels; level++)
            features[level] = x = across[level].call(down[level].call(x));
        x = bottleneck.call(x);
        for (int step = 0; step < up.Count; step++)
            x = up[step].call(concat.call(enlarge.call(x), features[Levels - 2 - step]));
        return heatmaps.call(x);
    }
}
