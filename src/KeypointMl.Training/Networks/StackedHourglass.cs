using KeypointMl.Onnx.TorchSharp.Ops;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Networks;

/// <summary>
/// The stacked hourglass network (Newell, Yang and Deng, ECCV 2016), the supervised baseline of the paper: a stem to a
/// quarter of the image's size, then hourglasses, each with K heat maps that are supervised and handed to the next.
/// Points are the last maps' peaks.
/// </summary>
public sealed class StackedHourglass : Module<Tensor, (Tensor Keypoints, Tensor Confidence)>
{
    /// <summary>The heat maps are this many times smaller than the image.</summary>
    public const int Stride = 4;

    private readonly Sequential stem;
    private readonly ModuleList<Module<Tensor, Tensor>> hourglasses = new();
    private readonly ModuleList<Module<Tensor, Tensor>> features = new();
    private readonly ModuleList<Module<Tensor, Tensor>> heatmaps = new();
    private readonly ModuleList<Module<Tensor, Tensor>> featuresBack = new();
    private readonly ModuleList<Module<Tensor, Tensor>> heatmapsBack = new();
    private readonly Add add = new("add");
    private readonly HeatmapPeaks peaks = new();

    /// <param name="keypoints">K.</param>
    /// <param name="channels">Channels of the hourglasses; the authors: 256.</param>
    /// <param name="stacks">Their number; the authors: up to 8.</param>
    /// <param name="depth">How often each halves its maps; the authors: 4.</param>
    public StackedHourglass(int keypoints, int channels, int stacks, int depth)
        : base(nameof(StackedHourglass))
    {
        stem = Sequential(
            new Convolution(3, channels / 4, 7, stride: 2, padding: 3), BatchNorm2d(channels / 4), ReLU(),
            new ResidualBlock(channels / 4, channels / 2), MaxPool2d(2), new ResidualBlock(channels / 2, channels / 2),
            new ResidualBlock(channels / 2, channels));
        for (int stack = 0; stack < stacks; stack++)
        {
            hourglasses.Add(new Hourglass(channels, depth));
            features.Add(Sequential(
                new ResidualBlock(channels, channels), new Convolution(channels, channels, 1), BatchNorm2d(channels), ReLU()));
            heatmaps.Add(new Convolution(channels, keypoints, 1, isLast: true));
            if (stack == stacks - 1)
                break;
            featuresBack.Add(new Convolution(channels, channels, 1));
            heatmapsBack.Add(new Convolution(keypoints, channels, 1));
        }
        RegisterComponents();
    }

    /// <summary>x [N,3,H,W] in [−1,1] → keypoints [N,K,2] in [−1,1] and confidence [N,K], the height of the peaks.</summary>
    public override (Tensor Keypoints, Tensor Confidence) forward(Tensor image) => peaks.call(Heatmaps(image)[^1]);

    /// <summary>x [N,3,H,W] → the K heat maps of every stack, each [N,K,H/4,W/4].</summary>
    public IReadOnlyList<Tensor> Heatmaps(Tensor image)
    {
        var maps = new Tensor[hourglasses.Count];
        Tensor x = stem.call(image);
        for (int stack = 0; stack < maps.Length; stack++)
        {
            Tensor found = features[stack].call(hourglasses[stack].call(x));
            maps[stack] = heatmaps[stack].call(found);
            if (stack < maps.Length - 1)
                x = add.call(add.call(x, featuresBack[stack].call(found)), heatmapsBack[stack].call(maps[stack]));
        }
        return maps;
    }

    /// <summary>Halves, works, doubles, and adds what it saw at full size.</summary>
    private sealed class Hourglass : Module<Tensor, Tensor>
    {
        private readonly ResidualBlock across;
        private readonly MaxPool2d pool;
        private readonly ResidualBlock down;
        private readonly Module<Tensor, Tensor> inner;
        private readonly ResidualBlock up;
        private readonly Upsample enlarge;
        private readonly Add add = new("add");

        public Hourglass(int channels, int depth)
            : base(nameof(Hourglass))
        {
            across = new ResidualBlock(channels, channels);
            pool = MaxPool2d(2);
            down = new ResidualBlock(channels, channels);
            inner = depth > 1 ? new Hourglass(channels, depth - 1) : new ResidualBlock(channels, channels);
            up = new ResidualBlock(channels, channels);
            enlarge = Upsample(scale_factor: [2, 2], mode: UpsampleMode.Nearest);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x) => add.call(across.call(x), enlarge.call(up.call(inner.call(down.call(pool.call(x))))));
    }
}
