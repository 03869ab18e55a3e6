namespace KeypointMl.Training;

/// <summary>The losses of one step, unweighted.</summary>
/// <param name="Reconstruction">L_perc (equation 4), each map over its running mean.</param>
/// <param name="Adversarial">Φ's side of equation 5.</param>
/// <param name="Equivariance">L_eq, or 0 where it is off.</param>
/// <param name="Discriminator">D's side of equation 5.</param>
/// <param name="RegressorPrior">MSE(η(β(p̄)), p̄).</param>
/// <param name="RegressorImages">MSE(β(η(Φ(x))), Φ(x)).</param>
public readonly record struct KeypointGanLosses(
    double Reconstruction, double Adversarial, double Equivariance, double Discriminator, double RegressorPrior, double RegressorImages);
