using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Networks;

/// <summary>
/// Convolution → normalisation → ReLU, the brick of Φ, η and Ψ (the authors' release, <c>conv_block</c>). Padding keeps
/// the size at stride 1.
/// </summary>
public sealed class ConvBlock : Module<Tensor, Tensor>
{
    private readonly Convolution convolution;
    private readonly Module<Tensor, Tensor>? normalization;
    private readonly ReLU activation;

    /// <param name="inputChannels">Channels of the input [N,C,H,W].</param>
    /// <param name="outputChannels">Channels of the output.</param>
    /// <param name="normalization">What follows the convolution.</param>
    /// <param name="kernel">Odd kernel size.</param>
    /// <param name="stride">1 keeps H×W, 2 halves it.</param>
    public ConvBlock(int inputChannels, int outputChannels, NetworkNormalization normalization, int kernel = 3, int stride = 1)
        : base(nameof(ConvBlock))
    {
        convolution = new Convolution(inputChannels, outputChannels, kernel, stride: stride, padding: kernel / 2,
            bias: normalization != NetworkNormalization.Batch);
        this.normalization = normalization switch
        {
            NetworkNormalization.Batch => BatchNorm2d(outputChannels),
            NetworkNormalization.Instance => InstanceNorm2d(outputChannels),
            _ => null,
        };
        activation = ReLU();
        RegisterComponents();
        Initialization.Release(this);
    }

    /// <summary>[N,C_in,H,W] → [N,C_out,H/stride,W/stride], float32, ≥ 0.</summary>
    public override Tensor forward(Tensor input)
    {
        Tensor features = convolution.call(input);
        if (normalization is not null && NormalizedActivation.Takes(features, normalization))
        {
            return normalization is BatchNorm2d batch
                ? NormalizedActivation.Batch(features, batch)
                : NormalizedActivation.Instance(features, (InstanceNorm2d)normalization);
        }
        if (normalization is not null)
            features = normalization.call(features);
        return activation.call(features);
    }
}

/// <summary>Which normalisation follows a convolution, as the authors' release chooses it per network.</summary>
public enum NetworkNormalization
{
    /// <summary>None: the convolution has a bias.</summary>
    None,

    /// <summary>Batch normalisation with running statistics; the convolution has no bias (Φ and Ψ).</summary>
    Batch,

    /// <summary>Instance normalisation without affine parameters; the convolution has a bias (η and D).</summary>
    Instance,
}
