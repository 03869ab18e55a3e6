using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;

namespace KeypointMl.Training.Recipes.Sections;

/// <summary><c>losses</c>: the weights of equation 6 and of η's fine-tuning.</summary>
public sealed record LossRecipe
{
    /// <summary><c>reconstruction</c>: λ of the reconstruction loss; default 10, the authors'.</summary>
    [Range(0, 1e6)]
    public double Reconstruction { get; init; } = 10;

    /// <summary><c>adversarial</c>: λ of the adversarial loss; default 10, the authors'.</summary>
    [Range(0, 1e6)]
    public double Adversarial { get; init; } = 10;

    /// <summary>
    /// <c>skeleton_cycle</c>: λ of mean|Φ(Ψ(ȳ, x′)) − ȳ|, with <c>ablation.second_cycle</c> only; default 10,
    /// CycleGAN's.
    /// </summary>
    [Range(0, 1e6)]
    public double SkeletonCycle { get; init; } = 10;

    /// <summary>
    /// <c>image_adversarial</c>: λ of the image discriminator, with <c>ablation.second_cycle</c> only; default 10, as
    /// the skeletons'.
    /// </summary>
    [Range(0, 1e6)]
    public double ImageAdversarial { get; init; } = 10;

    /// <summary><c>regressor_prior</c>: weight of ‖η(β(p̄)) − p̄‖²; default 0.9, the authors'.</summary>
    [Range(0, 1e6)]
    public double RegressorPrior { get; init; } = 0.9;

    /// <summary><c>regressor_images</c>: weight of ‖β(η(Φ(x))) − Φ(x)‖²; default 0.1, the authors'.</summary>
    [Range(0, 1e6)]
    public double RegressorImages { get; init; } = 0.1;

    /// <summary><c>equivariance</c>: weight of η∘Φ's affine equivariance, beyond the paper; default 0: off, as in the paper.</summary>
    [Range(0, 1e6)]
    public double Equivariance { get; init; }

    /// <summary><c>equivariance_affine</c>: the affine maps of the two views that <see cref="Equivariance"/> compares.</summary>
    public AffineRange EquivarianceAffine { get; init; } = new();

    /// <summary>
    /// <c>reconstruction_kind</c>: <c>pyramid-l2</c> (the default: it needs no pretrained weights), <c>pyramid-l1</c>,
    /// or <c>perceptual</c>, the paper's.
    /// </summary>
    public ReconstructionKind ReconstructionKind { get; init; } = ReconstructionKind.PyramidL2;

    /// <summary><c>perceptual</c>: the network of <c>reconstruction_kind: perceptual</c>.</summary>
    public PerceptualRecipe Perceptual { get; init; } = new();

    /// <summary>
    /// <c>further</c>: weights of losses that a program of your own has registered, by their names; default none, which
    /// a recipe leaves out.
    /// </summary>
    [Range(0, 1e6)]
    public NamedWeights Further { get; init; } = NamedWeights.None;

    /// <summary><c>running_mean</c>: μ of the running mean by which every level's loss is divided; default 0.99, the authors'.</summary>
    [Range(0, 0.999999)]
    public double RunningMean { get; init; } = 0.99;
}

/// <summary>Weights by name, as in <c>{bone_length: 0.5}</c>; equal where every name has the same weight.</summary>
public sealed class NamedWeights : IEquatable<NamedWeights>, IEnumerable<KeyValuePair<string, double>>
{
    private readonly ImmutableSortedDictionary<string, double> weights;

    /// <param name="weights">The weights; each name once.</param>
    public NamedWeights(IEnumerable<KeyValuePair<string, double>> weights) =>
        this.weights = weights.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>None.</summary>
    public static NamedWeights None { get; } = new([]);

    /// <summary>The names, in order.</summary>
    public IEnumerable<string> Keys => weights.Keys;

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => weights.IsEmpty;

    /// <inheritdoc/>
    public bool Equals(NamedWeights? other) => other is not null && weights.SequenceEqual(other.weights);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NamedWeights);

    /// <inheritdoc/>
    public override int GetHashCode() => weights.Count;

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, double>> GetEnumerator() => weights.GetEnumerator();

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>What compares the reconstruction x̂ with x.</summary>
public enum ReconstructionKind
{
    /// <summary><c>pyramid-l2</c>: squared differences on an average-pool pyramid; needs no weights.</summary>
    PyramidL2,

    /// <summary><c>pyramid-l1</c>: absolute differences on an average-pool pyramid; needs no weights.</summary>
    PyramidL1,

    /// <summary><c>perceptual</c>: the paper's Γ, squared differences of a pretrained network's features.</summary>
    Perceptual,
}

/// <summary>What the running means of the perceptual loss start from.</summary>
public enum RunningMeanStart
{
    /// <summary><c>first</c>: each the first value that it sees, as in the authors' release.</summary>
    First,

    /// <summary><c>imm</c>: 100, 1.6, 2.3, 1.8, 2.8, 100, as in imm (Jakab and Gupta 2018).</summary>
    Imm,
}

/// <summary>
/// <c>losses.perceptual</c>: Γ, for <c>losses.reconstruction_kind: perceptual</c>. ResNet-18, trained on ImageNet, comes
/// with the command, and by the package <c>Microsoft.ML.DnnImageFeaturizer.ResNet18</c> with a program of your own; the
/// weights of the VGG networks are the user's to supply.
/// </summary>
public sealed record PerceptualRecipe
{
    /// <summary>
    /// <c>network</c>: <c>resnet18</c>, <c>vgg19</c> (the authors') or <c>vgg16</c> (imm's); null (the default):
    /// <c>vgg19</c> where weights are given, else <c>resnet18</c>.
    /// </summary>
    public PerceptualNetwork? Network { get; init; }

    /// <summary>
    /// <c>weights</c>: the file, relative to the working directory: MatConvNet's <c>imagenet-vgg-verydeep-19.mat</c>
    /// (what the authors used), a safetensors file, a PyTorch state dict (.pth), which is read without running its code,
    /// or, of <c>resnet18</c>, an ONNX graph. Null (the default): <c>resnet18</c>'s, which come with the command.
    /// </summary>
    public string? Weights { get; init; }

    /// <summary>
    /// <c>relu</c>: whether a ReLU follows each of VGG's convolutions, as the networks were trained; default false, as
    /// the authors' release computes it.
    /// </summary>
    public bool Relu { get; init; }

    /// <summary>
    /// <c>input</c> of the VGG networks: <c>centred</c> (the default: 0…255 less the mean, for MatConvNet's and Caffe's
    /// weights) or <c>standardised</c> (for torchvision's).
    /// </summary>
    public PerceptualInput Input { get; init; } = PerceptualInput.Centred;

    /// <summary>
    /// <c>start_values</c> of the running means: <c>first</c>, the first step's own values (the default, the authors'),
    /// or <c>imm</c>: 100, 1.6, 2.3, 1.8, 2.8, 100.
    /// </summary>
    public RunningMeanStart StartValues { get; init; } = RunningMeanStart.First;

    internal PerceptualNetwork NetworkOrDefault =>
        Network ?? (Weights is null ? PerceptualNetwork.Resnet18 : PerceptualNetwork.Vgg19);
}

/// <summary>The images that a pretrained network was trained on.</summary>
public enum PerceptualInput
{
    /// <summary><c>centred</c>: RGB from 0 to 255, less (123.68, 116.779, 103.939).</summary>
    Centred,

    /// <summary><c>standardised</c>: the same, divided by 255·(0.229, 0.224, 0.225), as torchvision's networks expect it.</summary>
    Standardised,
}

/// <summary>The network whose features are compared.</summary>
public enum PerceptualNetwork
{
    /// <summary><c>vgg19</c>, as in the authors' release.</summary>
    Vgg19,

    /// <summary><c>vgg16</c>, as in imm (Jakab and Gupta 2018).</summary>
    Vgg16,

    /// <summary>
    /// <c>resnet18</c>: the first convolution and three stages, for a thirteenth of <c>vgg19</c>'s multiply–adds.
    /// </summary>
    Resnet18,
}
