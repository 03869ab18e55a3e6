using KeypointMl.Training.Networks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Methods;

/// <summary>The boxes of figure 2.</summary>
/// <param name="Phi">Φ: x → y.</param>
/// <param name="Eta">η: y → p.</param>
/// <param name="Beta">β: p → y.</param>
/// <param name="Psi">Ψ: (y*, x′) → x̂.</param>
/// <param name="D">D: y → scores.</param>
public sealed record KeypointGanNetworks(
    Module<Tensor, Tensor> Phi, KeypointRegressor Eta, SkeletonRenderer Beta, Module<Tensor, Tensor, Tensor> Psi, PoseDiscriminator D)
    : IDisposable
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
