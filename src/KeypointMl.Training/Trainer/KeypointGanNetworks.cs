namespace KeypointMl.Training;

/// <summary>The boxes of figure 2.</summary>
/// <param name="Phi">Φ: x → y.</param>
/// <param name="Eta">η: y → p.</param>
/// <param name="Beta">β: p → y.</param>
/// <param name="Psi">Ψ: (y*, x′) → x̂.</param>
/// <param name="D">D: y → scores.</param>
public sealed record KeypointGanNetworks(PoseEncoder Phi, KeypointRegressor Eta, SkeletonRenderer Beta, ConditionalGenerator Psi, PoseDiscriminator D) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Phi.Dispose();
        Eta.Dispose();
        Beta.Dispose();
        Psi.Dispose();
        D.Dispose();
    }
}
