namespace KeypointMl.Training.Optimisation;

/// <summary>
/// One Adam per network. Φ's and Ψ's minimise one loss; each network's gradient is clipped on its own (the release's
/// parameter groups).
/// </summary>
public sealed record KeypointGanOptimizers(
    NetworkOptimizer Phi, NetworkOptimizer Psi, NetworkOptimizer D, NetworkOptimizer Eta) : IDisposable
{
    /// <summary>Of CycleGAN's image discriminator; null without the second cycle.</summary>
    public NetworkOptimizer? ImageD { get; init; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Phi.Dispose();
        Psi.Dispose();
        D.Dispose();
        Eta.Dispose();
        ImageD?.Dispose();
    }
}
