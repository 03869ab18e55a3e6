using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Networks;

/// <summary>
/// The encoder that Φ, η and Ψ share the shape of: 7×7 and 3×3 convolutions at full size, then three times a stride-2
/// and a stride-1 convolution with twice the channels. Base width w gives w, 2w, 4w, 8w channels at 1, ½, ¼ and ⅛ of
/// the size (the authors: w = 32).
/// </summary>
internal sealed class EncoderTrunk : Module<Tensor, EncoderTrunk.Features>
{
    /// <summary>The number of times the size is halved.</summary>
    public const int Halvings = 3;

    private readonly ModuleList<Module<Tensor, Tensor>> first = new();
    private readonly ModuleList<Module<Tensor, Tensor>> second = new();

    /// <param name="inputChannels">3 for images, 1 for skeleton images.</param>
    /// <param name="width">Base width w.</param>
    /// <param name="normalization">Batch for Φ and Ψ, instance for η.</param>
    public EncoderTrunk(int inputChannels, int width, NetworkNormalization normalization)
        : base(nameof(EncoderTrunk))
    {
        int channels = inputChannels;
        for (int level = 0; level <= Halvings; level++)
        {
            int outputs = width << level;
            first.Add(new ConvBlock(channels, outputs, normalization, kernel: level == 0 ? 7 : 3, stride: level == 0 ? 1 : 2));
            second.Add(new ConvBlock(outputs, outputs, normalization));
            channels = outputs;
        }
        RegisterComponents();
    }

    /// <summary>[N,C,H,W] → the four levels.</summary>
    public override Features forward(Tensor input)
    {
        Tensor full = Level(0, input);
        Tensor half = Level(1, full);
        Tensor quarter = Level(2, half);
        return new Features(full, half, quarter, Level(3, quarter));
    }

    private Tensor Level(int level, Tensor input) => second[level].call(first[level].call(input));

    /// <summary>The outputs of the four levels.</summary>
    /// <param name="Full">[N,w,H,W].</param>
    /// <param name="Half">[N,2w,H/2,W/2].</param>
    /// <param name="Quarter">[N,4w,H/4,W/4].</param>
    /// <param name="Eighth">[N,8w,H/8,W/8].</param>
    public sealed record Features(Tensor Full, Tensor Half, Tensor Quarter, Tensor Eighth);
}
