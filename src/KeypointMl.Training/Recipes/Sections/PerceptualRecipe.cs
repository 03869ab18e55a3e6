namespace KeypointMl.Training;

/// <summary><c>losses.perceptual</c>: Γ, for <c>losses.reconstruction_kind: perceptual</c>. The weights are not part of this project; the user supplies a file.</summary>
public sealed record PerceptualRecipe
{
    /// <summary><c>network</c>: <c>vgg19</c> (the default, the authors'), or <c>vgg16</c> (imm's).</summary>
    public PerceptualNetwork Network { get; init; } = PerceptualNetwork.Vgg19;

    /// <summary>
    /// <c>weights</c>: the file, relative to the working directory: MatConvNet's <c>imagenet-vgg-verydeep-19.mat</c> (what the authors used), a safetensors file, or a
    /// PyTorch state dict (.pth), which is read without running its code. Null (the default) unless the loss is perceptual.
    /// </summary>
    public string? Weights { get; init; }

    /// <summary><c>relu</c>: whether a ReLU follows each convolution, as the networks were trained; default false, as the authors' release computes it.</summary>
    public bool Relu { get; init; }

    /// <summary><c>input</c>: <c>centred</c> (the default: 0…255 less the mean, for MatConvNet's and Caffe's weights) or <c>standardised</c> (for torchvision's).</summary>
    public PerceptualInput Input { get; init; } = PerceptualInput.Centred;

    /// <summary>
    /// <c>start_values</c> of the running means: <c>first</c>, the first step's own values (the default, the authors'), or <c>imm</c>: 100, 1.6, 2.3, 1.8, 2.8, 100.
    /// </summary>
    public RunningMeanStart StartValues { get; init; } = RunningMeanStart.First;
}
