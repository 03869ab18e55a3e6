using KeypointMl.Training.Networks;

namespace KeypointMl.Training.Methods;

/// <summary>The boxes of figure 2.</summary>
/// <param name="Phi">Φ: x → y.</param>
/// <param name="Eta">η: y → p.</param>
/// <param name="Beta">β: p → y.</param>
/// <param name="Psi">Ψ: (y*, x′) → x̂.</param>
/// <param name="D">D: y → scores.</param>
public sealed record KeypointGanNetworks(
    PoseEncoder Phi, KeypointRegressor Eta, SkeletonRenderer Beta, ConditionalGenerator Psi, PoseDiscriminator D) : IDisposable
{
    /// <summary>CycleGAN's other discriminator, of images; null without the second cycle.</summary>
    public PoseDiscriminator? ImageD { get; init; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Phi.Dispose();
        Eta.Dispose();
        Beta.Dispose();
        Psi.Dispose();
        D.Dispose();
        ImageD?.Dispose();
    }
}
