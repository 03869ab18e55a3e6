using KeypointMl.Training.Tensors;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Networks;

/// <summary>
/// The generator of imm (Jakab and Gupta et al., NeurIPS 2018): landmarks, drawn as Gaussian maps at an eighth of the
/// image's size, and the features of x′ beside them, into the decoder that Ψ has too.
/// </summary>
internal sealed class LandmarkGenerator : Module<Tensor, Tensor, Tensor>
{
    private readonly EncoderTrunk style;
    private readonly Sequential decoder;
    private readonly double standardDeviation;

    /// <param name="landmarks">L.</param>
    /// <param name="width">Base width w; the authors: 32.</param>
    /// <param name="standardDeviation">σ of the Gaussians, in [−1,1] units; the authors: 0.1.</param>
    public LandmarkGenerator(int landmarks, int width, double standardDeviation)
        : base(nameof(LandmarkGenerator))
    {
        this.standardDeviation = standardDeviation;
        style = new EncoderTrunk(3, width, NetworkNormalization.Batch);
        decoder = ConditionalGenerator.Decoder(8 * width + landmarks, width);
        RegisterComponents();
        Initialization.Release(this);
    }

    /// <summary>Landmarks [N,L,2] (x,y) in [−1,1] and x′ [N,3,H,W] in [−1,1] → x̂ [N,3,H,W].</summary>
    public override Tensor forward(Tensor landmarks, Tensor appearance)
    {
        Tensor features = style.call(appearance).Eighth;
        Tensor maps = Draw(landmarks, (int)features.shape[2], (int)features.shape[3]);
        return decoder.call(cat([features, ImageTensors.ChannelsLast(maps)], 1)); // both channels-last, or the whole is not
    }

    /// <summary>
    /// Landmarks [N,L,2] → maps [N,L,h,w] of exp(−‖u − μ‖²/σ²), u over the centres of the cells, −1 and +1 the first
    /// and the last.
    /// </summary>
    public Tensor Draw(Tensor landmarks, int height, int width)
    {
        Tensor x = linspace(-1, 1, width, dtype: ScalarType.Float32, device: landmarks.device).reshape(1, 1, 1, -1);
        Tensor y = linspace(-1, 1, height, dtype: ScalarType.Float32, device: landmarks.device).reshape(1, 1, -1, 1);
        Tensor centres = landmarks.unsqueeze(-1).unsqueeze(-1);                         // [N,L,2,1,1]
        Tensor squared = (x - centres.select(2, 0)).square() + (y - centres.select(2, 1)).square();
        return (squared * (-1 / (standardDeviation * standardDeviation))).exp();
    }
}
