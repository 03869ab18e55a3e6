using static TorchSharp.torch;

namespace KeypointMl.Training;

/// <summary>The networks being trained and the averaged ones that are evaluated and exported.</summary>
/// <param name="Networks">Φ, η, β, Ψ, D.</param>
/// <param name="Phi">The averaged Φ, in evaluation mode.</param>
/// <param name="Eta">The averaged η, in evaluation mode.</param>
/// <param name="Psi">The averaged Ψ, in evaluation mode.</param>
internal sealed record TrainingNetworks(KeypointGanNetworks Networks, PoseEncoder Phi, KeypointRegressor Eta, ConditionalGenerator Psi) : IDisposable
{
    /// <summary>New networks with the recipe's seed; the averages start equal to them.</summary>
    public static TrainingNetworks Create(Recipe recipe, KeypointMl.Poses.Skeleton skeleton)
    {
        KeypointGanNetworks networks = KeypointGanFactory.Networks(recipe, skeleton);
        KeypointGanNetworks averages = KeypointGanFactory.Networks(recipe, skeleton); // the same seed: the same weights
        averages.D.Dispose();
        averages.Beta.Dispose();
        averages.Phi.eval();
        averages.Eta.eval();
        averages.Psi.eval();
        return new TrainingNetworks(networks, averages.Phi, averages.Eta, averages.Psi);
    }

    /// <summary>Every network by its name in checkpoints.</summary>
    public IEnumerable<(string Name, nn.Module Module)> All =>
    [
        ("phi", Networks.Phi), ("eta", Networks.Eta), ("psi", Networks.Psi), ("d", Networks.D),
        ("average.phi", Phi), ("average.eta", Eta), ("average.psi", Psi),
    ];

    /// <summary>Puts the trained networks into training mode.</summary>
    public void Train()
    {
        Networks.Phi.train();
        Networks.Eta.train();
        Networks.Psi.train();
        Networks.D.train();
    }

    /// <summary>Moves the averages towards the networks.</summary>
    public void UpdateAverages(double decay, long step)
    {
        ExponentialMovingAverage.Update(Phi, Networks.Phi, decay, step);
        ExponentialMovingAverage.Update(Eta, Networks.Eta, decay, step);
        ExponentialMovingAverage.Update(Psi, Networks.Psi, decay, step);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Networks.Dispose();
        Phi.Dispose();
        Eta.Dispose();
        Psi.Dispose();
    }
}
