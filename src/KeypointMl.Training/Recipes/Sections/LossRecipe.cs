using System.ComponentModel.DataAnnotations;

namespace KeypointMl.Training;

/// <summary><c>losses</c>: the weights of equation 6 and of η's fine-tuning.</summary>
public sealed record LossRecipe
{
    /// <summary><c>reconstruction</c>: λ of the reconstruction loss; default 10, the authors'.</summary>
    [Range(0, 1e6)]
    public double Reconstruction { get; init; } = 10;

    /// <summary><c>adversarial</c>: λ of the adversarial loss; default 10, the authors'.</summary>
    [Range(0, 1e6)]
    public double Adversarial { get; init; } = 10;

    /// <summary><c>skeleton_cycle</c>: λ of mean|Φ(Ψ(ȳ, x′)) − ȳ|, with <c>ablation.second_cycle</c> only; default 10, CycleGAN's.</summary>
    [Range(0, 1e6)]
    public double SkeletonCycle { get; init; } = 10;

    /// <summary><c>image_adversarial</c>: λ of the image discriminator, with <c>ablation.second_cycle</c> only; default 10, as the skeletons'.</summary>
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
    /// <c>reconstruction_kind</c>: <c>pyramid-l2</c> (the default: it needs no pretrained weights), <c>pyramid-l1</c>, or <c>perceptual</c>, the paper's.
    /// </summary>
    public ReconstructionKind ReconstructionKind { get; init; } = ReconstructionKind.PyramidL2;

    /// <summary><c>perceptual</c>: the network of <c>reconstruction_kind: perceptual</c>.</summary>
    public PerceptualRecipe Perceptual { get; init; } = new();

    /// <summary><c>running_mean</c>: μ of the running mean by which every level's loss is divided; default 0.99, the authors'.</summary>
    [Range(0, 0.999999)]
    public double RunningMean { get; init; } = 0.99;
}
