using KeypointMl.Onnx.TorchSharp.Ops;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Networks;

/// <summary>
/// Ψ of the articulation: (part images at half the image's size, appearance image x′) → x̂. Unlike
/// <see cref="ConditionalGenerator"/>, which knows the pose from ⅛ of the size alone, the parts enter the decoder at
/// every scale, so that a limb is drawn where its line is and the line is pulled to where the limb is.
/// </summary>
public sealed class PartGenerator : Module<Tensor, Tensor, Tensor>
{
    private const int Levels = 4;

    private readonly ModuleList<Module<Tensor, Tensor>> parts = new();
    private readonly ModuleList<Module<Tensor, Tensor>> appearanceDown = new();
    private readonly ModuleList<Module<Tensor, Tensor>> appearanceAcross = new();
    private readonly ModuleList<Module<Tensor, Tensor>> decoder = new();
    private readonly ConvBlock last;
    private readonly Convolution output;
    private readonly Upsample enlarge;
    private readonly Concat concat;

    /// <param name="channels">Channels of the part images.</param>
    /// <param name="width">Base width w.</param>
    public PartGenerator(int channels, int width)
        : base(nameof(PartGenerator))
    {
        int[] partWidths = [2 * width, 2 * width, 4 * width, 4 * width];
        int[] outputs = [2 * width, 4 * width, 4 * width, 8 * width];
        int partInputs = channels, inputs = 3;
        for (int level = 0; level < Levels; level++)
        {
            parts.Add(new ConvBlock(partInputs, partWidths[level], NetworkNormalization.Batch, stride: level == 0 ? 1 : 2));
            appearanceDown.Add(new ConvBlock(inputs, width << level, NetworkNormalization.Batch, kernel: level == 0 ? 5 : 3, stride: 2));
            appearanceAcross.Add(new ConvBlock(width << level, width << level, NetworkNormalization.Batch));
            (partInputs, inputs) = (partWidths[level], width << level);
        }
        int below = inputs;
        for (int level = Levels - 1; level >= 0; level--)
        {
            decoder.Add(new ConvBlock(below + partWidths[level], outputs[level], NetworkNormalization.Batch));
            below = outputs[level];
        }
        last = new ConvBlock(below, width, NetworkNormalization.Batch);
        output = new Convolution(width, 3, 3, padding: 1, isLast: true);
        enlarge = Upsample(scale_factor: [2, 2], mode: UpsampleMode.Bilinear, align_corners: false);
        concat = new Concat("concat", 1);
        RegisterComponents();
    }

    /// <summary>Part images [N,C,H/2,W/2] in [−1,1] and x′ [N,3,H,W] in [−1,1], H and W multiples of 16 → x̂ [N,3,H,W].</summary>
    public override Tensor forward(Tensor partImages, Tensor appearance)
    {
        var pose = new Tensor[Levels];
        Tensor x = appearance;
        for (int level = 0; level < Levels; level++)
        {
            pose[level] = parts[level].call(level == 0 ? partImages : pose[level - 1]);
            x = appearanceAcross[level].call(appearanceDown[level].call(x));
        }
        for (int step = 0; step < Levels; step++)
            x = decoder[step].call(concat.call(step == 0 ? x : enlarge.call(x), pose[Levels - 1 - step]));
        return output.call(last.call(enlarge.call(x)));
    }
}
