using KeypointMl.Poses.Skeletons;
using KeypointMl.Training.Evaluation;
using KeypointMl.Training.Networks;
using KeypointMl.Training.Optimisation;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Methods;

/// <summary>The networks being trained and the averaged ones that are evaluated and exported.</summary>
/// <param name="Networks">Φ, η, β, Ψ, D.</param>
/// <param name="Phi">The averaged Φ, in evaluation mode.</param>
/// <param name="Eta">The averaged η, in evaluation mode.</param>
/// <param name="Psi">The averaged Ψ, in evaluation mode.</param>
internal sealed record TrainingNetworks(
    KeypointGanNetworks Networks, nn.Module<Tensor, Tensor> Phi, KeypointRegressor Eta, nn.Module<Tensor, Tensor, Tensor> Psi)
    : ITrainedModel
{
    internal const string OfflineName = "offline.eta";

    /// <summary>η∘Φ of the averages.</summary>
    public PoseDetector Detector { get; } = new(Phi, Eta);

    nn.Module<Tensor, (Tensor Keypoints, Tensor Confidence)> ITrainedModel.Detector => Detector;

    /// <inheritdoc/>
    public required Skeleton Points { get; init; }

    /// <summary>Whether Ψ sees y* or, in an ablation, y.</summary>
    public required bool Bottleneck { get; init; }

    /// <summary>
    /// η as its pre-training left it (<see cref="OfflineRegressor"/>), in evaluation mode; null where neither the
    /// recipe nor the run that it starts from pre-trains one.
    /// </summary>
    public KeypointRegressor? OfflineEta { get; private set; }

    /// <inheritdoc/>
    public (SkeletonRenderer Beta, KeypointRegressor Eta)? Offline => OfflineEta is null ? null : (Networks.Beta, OfflineEta);

    /// <summary>New networks with the recipe's seed; the averages start equal to them.</summary>
    public static TrainingNetworks Create(Recipe recipe, Skeleton skeleton)
    {
        KeypointGanNetworks networks = KeypointGanFactory.Networks(recipe, skeleton);
        KeypointGanNetworks averages = KeypointGanFactory.Networks(recipe, skeleton); // the same seed: the same weights
        averages.D.Dispose();
        averages.ImageD?.Dispose();
        averages.Beta.Dispose();
        averages.Phi.eval();
        averages.Eta.eval();
        averages.Psi.eval();
        var model = new TrainingNetworks(networks, averages.Phi, averages.Eta, averages.Psi)
        {
            Points = skeleton,
            Bottleneck = recipe.Ablation.Bottleneck,
        };
        if (recipe.Method == TrainingMethod.KeypointGan
            && (recipe.RegressorPretraining.Steps > 0 || recipe.Training.InitialiseFrom is not null))
        {
            model.OfflineEta = new KeypointRegressor(skeleton.Count, recipe.Networks.RegressorWidth);
            model.OfflineEta.eval();
        }
        return model;
    }

    /// <inheritdoc/>
    public Device Device { get; private set; } = DeviceTensors.Cpu;

    /// <inheritdoc/>
    public void MoveTo(Device device)
    {
        foreach ((_, nn.Module module) in All)
            module.MoveTo(device);
        Networks.Beta.MoveConstants(device);
        Device = device;
    }

    /// <summary>Every network by its name in checkpoints.</summary>
    public IEnumerable<(string Name, nn.Module Module)> All =>
    [
        ("phi", Networks.Phi), ("eta", Networks.Eta), ("psi", Networks.Psi), ("d", Networks.D),
        ("average.phi", Phi), ("average.eta", Eta), ("average.psi", Psi),
        .. Networks.ImageD is null ? Array.Empty<(string, nn.Module)>() : [("dx", Networks.ImageD)],
        .. OfflineEta is null ? Array.Empty<(string, nn.Module)>() : [(OfflineName, OfflineEta)],
    ];

    /// <inheritdoc/>
    public IEnumerable<nn.Module> Trained =>
        [Networks.Phi, Networks.Eta, Networks.Psi, Networks.D, .. Networks.ImageD is null ? Array.Empty<nn.Module>() : [Networks.ImageD]];

    /// <summary>Keeps the averaged η as the offline one: called when its pre-training is over.</summary>
    public void KeepOfflineRegressor()
    {
        if (OfflineEta is not null)
            ExponentialMovingAverage.Update(OfflineEta, Eta, decay: 0, step: 0);
    }

    /// <inheritdoc/>
    public bool DoWithout(string name)
    {
        if (name != OfflineName)
            return false;
        OfflineEta?.Dispose();
        OfflineEta = null;
        return true;
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string Title, Tensor Images)> Draw(Tensor x, Tensor style)
    {
        Tensor y = Phi.call(x);
        (Tensor p, _) = Eta.call(y);
        Tensor clean = Networks.Beta.call(p);
        return [("x", x), ("Φ(x)", y), ("β(η(Φ(x)))", clean), ("x′", style), Bottleneck
            ? ("Ψ(y*, x′)", Psi.call(clean, style))
            : ("Ψ(y, x′)", Psi.call(y, style))];
    }

    /// <summary>Puts the trained networks into training mode.</summary>
    public void Train()
    {
        Networks.Phi.train();
        Networks.Eta.train();
        Networks.Psi.train();
        Networks.D.train();
        Networks.ImageD?.train();
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
        Detector.Dispose();
        Psi.Dispose();
        OfflineEta?.Dispose();
    }
}
