using KeypointMl.Onnx.TorchSharp.Ops;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Networks;

/// <summary>
/// Φ of figure 2: image x → skeleton image y. An encoder with skips into a bilinear decoder, batch norm, one output
/// channel without activation (the authors' release).
/// </summary>
public sealed class PoseEncoder : Module<Tensor, Tensor>
{
    private readonly EncoderTrunk trunk;
    private readonly Convolution bottleneck;
    private readonly ConvBlock deep1;
    private readonly ConvBlock deep2;
    private readonly MergeBlock quarter;
    private readonly MergeBlock half;
    private readonly Upsample enlarge;
    private readonly Concat concat;
    private readonly Convolution merge;
    private readonly ConvBlock last;
    private readonly Convolution output;

    /// <param name="width">Base width w; the authors: 32.</param>
    public PoseEncoder(int width)
        : base(nameof(PoseEncoder))
    {
        trunk = new EncoderTrunk(3, width, NetworkNormalization.Batch);
        bottleneck = new Convolution(8 * width, 8 * width, 1);
        deep1 = new ConvBlock(8 * width, 8 * width, NetworkNormalization.Batch);
        deep2 = new ConvBlock(8 * width, 8 * width, NetworkNormalization.Batch);
        quarter = new MergeBlock(8 * width, 4 * width);
        half = new MergeBlock(4 * width, 2 * width);
        enlarge = Upsample(scale_factor: [2, 2], mode: UpsampleMode.Bilinear, align_corners: false);
        concat = new Concat("concat", 1);
        merge = new Convolution(3 * width, 2 * width, 1, bias: false);
        last = new ConvBlock(2 * width, width, NetworkNormalization.Batch);
        output = new Convolution(width, 1, 3, padding: 1, isLast: true);
        RegisterComponents();
        Initialization.Release(this);
    }

    /// <summary>x [N,3,H,W] float32 in [−1,1], H and W multiples of 8 → y [N,1,H,W], trained towards skeleton images in [−1,1].</summary>
    public override Tensor forward(Tensor image)
    {
        EncoderTrunk.Features features = trunk.call(image);
        Tensor deep = deep2.call(deep1.call(bottleneck.call(features.Eighth)));
        Tensor merged = quarter.call(enlarge.call(deep), features.Quarter);
        merged = half.call(enlarge.call(merged), features.Half);
        merged = merge.call(concat.call(enlarge.call(merged), features.Full));
        return output.call(last.call(merged));
    }

    /// <summary>Concatenate the skip → 1×1 merge convolution → two convolutions, the first of which halves the channels.</summary>
    private sealed class MergeBlock : Module<Tensor, Tensor, Tensor>
    {
        private readonly Concat concat = new("concat", 1);
        private readonly Convolution merge;
        private readonly ConvBlock first;
        private readonly ConvBlock second;

        public MergeBlock(int below, int skip)
            : base(nameof(MergeBlock))
        {
            merge = new Convolution(below + skip, below, 1, bias: false);
            first = new ConvBlock(below, below / 2, NetworkNormalization.Batch);
            second = new ConvBlock(below / 2, below / 2, NetworkNormalization.Batch);
            RegisterComponents();
        }

        public override Tensor forward(Tensor below, Tensor skip) => second.call(first.call(merge.call(concat.call(below, skip))));
    }
}
