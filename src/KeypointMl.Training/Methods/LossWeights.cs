namespace KeypointMl.Training.Methods;

/// <summary>The weights of the losses.</summary>
/// <param name="Reconstruction">λ_rec (the authors: 10).</param>
/// <param name="Adversarial">λ of equation 6 (the authors: 10).</param>
/// <param name="Equivariance">Weight of the affine equivariance (0: off, as in the paper).</param>
/// <param name="RegressorPrior">Weight of η's loss on rendered prior poses (the authors: 0.9).</param>
/// <param name="RegressorImages">Weight of η's loss on Φ's output (the authors: 0.1).</param>
public sealed record LossWeights(
    double Reconstruction = 10, double Adversarial = 10, double Equivariance = 0, double RegressorPrior = 0.9, double RegressorImages = 0.1)
{
    /// <summary>Weight of the reconstructed skeleton images in CycleGAN's second cycle.</summary>
    public double SkeletonCycle { get; init; } = 10;

    /// <summary>Weight of the image discriminator in CycleGAN's second cycle.</summary>
    public double ImageAdversarial { get; init; } = 10;
}
