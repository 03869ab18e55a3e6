using static TorchSharp.torch;

namespace KeypointMl.Training.Methods;

/// <summary>
/// The losses of one step, unweighted: float32 scalars without gradient, on the networks' device. Reading one waits for
/// that device.
/// </summary>
/// <param name="Reconstruction">L_perc (equation 4), each map over its running mean.</param>
/// <param name="Adversarial">Φ's side of equation 5.</param>
/// <param name="Equivariance">L_eq, or null where it is off.</param>
/// <param name="Discriminator">D's side of equation 5.</param>
/// <param name="RegressorPrior">MSE(η(β(p̄)), p̄).</param>
/// <param name="RegressorImages">MSE(β(η(Φ(x))), Φ(x)).</param>
public readonly record struct KeypointGanLosses(
    Tensor Reconstruction, Tensor Adversarial, Tensor? Equivariance, Tensor Discriminator, Tensor RegressorPrior, Tensor RegressorImages)
{
    /// <summary>The losses of CycleGAN's second cycle, or null without it.</summary>
    public SecondCycleLosses? SecondCycle { get; init; }
}

/// <summary>The losses of CycleGAN's second cycle, unweighted: as <see cref="KeypointGanLosses"/>.</summary>
/// <param name="SkeletonCycle">mean|Φ(Ψ(ȳ, x′)) − ȳ|.</param>
/// <param name="ImageAdversarial">Ψ's side of the image discriminator.</param>
/// <param name="ImageDiscriminator">The image discriminator's side.</param>
public readonly record struct SecondCycleLosses(Tensor SkeletonCycle, Tensor ImageAdversarial, Tensor ImageDiscriminator);
