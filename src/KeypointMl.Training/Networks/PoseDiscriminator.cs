using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Networks;

/// <summary>
/// D of equation 5: PatchGANs (Isola et al. 2017; 4×4 kernels, LeakyReLU 0.2, instance norm) on the skeleton image at
/// scales 1, ½, ¼ … (the authors' release: width 64, 3 layers, 3 scales).
/// </summary>
public sealed class PoseDiscriminator : Module<Tensor, IReadOnlyList<Tensor>>
{
    private const double Slope = 0.2;

    private readonly ModuleList<Module<Tensor, Tensor>> patches = new();

    /// <param name="width">Channels of the first layer (ndf).</param>
    /// <param name="layers">Stride-2 layers per PatchGAN.</param>
    /// <param name="scales">Number of scales.</param>
    /// <param name="inputChannels">1 for skeleton images; 3 for images, in CycleGAN's second cycle.</param>
    public PoseDiscriminator(int width, int layers, int scales, int inputChannels = 1)
        : base(nameof(PoseDiscriminator))
    {
        for (int scale = 0; scale < scales; scale++)
            patches.Add(new PatchGan(inputChannels, width, layers));
        RegisterComponents();
        Initialization.Release(this);
    }

    /// <summary>y [N,1,H,W] (or images) → one score map [N,1,h,w] per scale; trained to 1 for prior poses and to 0 for Φ's.</summary>
    public override IReadOnlyList<Tensor> forward(Tensor skeletonImage)
    {
        var scores = new Tensor[patches.Count];
        for (int scale = 0; scale < scores.Length; scale++)
        {
            if (scale > 0)
            {
                skeletonImage = functional.interpolate(
                    skeletonImage, scale_factor: [0.5, 0.5], mode: InterpolationMode.Bilinear, align_corners: false,
                    recompute_scale_factor: true);
            }
            scores[scale] = patches[scale].call(skeletonImage);
        }
        return scores;
    }

    private sealed class PatchGan : Module<Tensor, Tensor>
    {
        private readonly List<Module<Tensor, Tensor>> parts = [];

        public PatchGan(int inputChannels, int width, int layers)
            : base(nameof(PatchGan))
        {
            Add(new Convolution(inputChannels, width, 4, stride: 2, padding: 1));
            Add(LeakyReLU(Slope));
            int channels = width;
            for (int layer = 1; layer <= layers; layer++)
            {
                int outputs = width * Math.Min(1 << layer, 8);
                Add(new Convolution(channels, outputs, 4, stride: layer < layers ? 2 : 1, padding: 1));
                Add(InstanceNorm2d(outputs));
                Add(LeakyReLU(Slope));
                channels = outputs;
            }
            Add(new Convolution(channels, 1, 4, padding: 1, isLast: true));
        }

        public override Tensor forward(Tensor input)
        {
            Tensor x = input;
            for (int i = 0; i < parts.Count; i++)
            {
                // The activation after a normalisation is computed with it.
                if (parts[i] is InstanceNorm2d norm && NormalizedActivation.Takes(x, norm))
                    (x, i) = (NormalizedActivation.Instance(x, norm, Slope), i + 1);
                else
                    x = parts[i].call(x);
            }
            return x;
        }

        private void Add(Module<Tensor, Tensor> part)
        {
            register_module($"{parts.Count}", part);
            parts.Add(part);
        }
    }
}
