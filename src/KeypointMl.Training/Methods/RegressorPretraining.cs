using KeypointMl.Data.Loading;
using KeypointMl.Data.Priors;
using KeypointMl.Poses.Metrics;
using KeypointMl.Training.Batches;
using KeypointMl.Training.Checkpoints;
using KeypointMl.Training.Optimisation;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;
using KeypointMl.Training.Runs;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Methods;

/// <summary>
/// η's pre-training (section 3.2; never released by the authors): MSE(η(β(p̄)), p̄) on rendered, augmented prior poses
/// alone. No image is seen.
/// </summary>
internal sealed class RegressorPretraining : ITrainingPhase
{
    private readonly TrainingNetworks model;
    private readonly PosePrior prior;
    private readonly PriorPoseBatches poses;
    private readonly NetworkOptimizer optimizer;
    private readonly Recipe whole;
    private readonly PretrainingRecipe recipe;

    public RegressorPretraining(Recipe recipe, TrainingNetworks model, PosePrior prior, TrainingPlace place)
    {
        this.model = model;
        this.prior = prior;
        poses = new PriorPoseBatches(prior, recipe, place.Device);
        whole = recipe;
        this.recipe = recipe.RegressorPretraining;
        optimizer = new NetworkOptimizer(
            model.Networks.Eta, new LearningRateSchedule(this.recipe.LearningRate, this.recipe.Steps, this.recipe.DecayFrom), (0.9, 0.999),
            recipe.Training.GradientClip, place.Watch);
    }

    public TrainingPhase Phase => TrainingPhase.RegressorPretraining;

    public long Steps => recipe.Steps;

    public int FramesPerStep => 0;

    public bool TrainsDetector => false;

    public IReadOnlyList<(string Name, Tensor Value)> Step(FrameBatch? frames, long step)
    {
        KeypointGanNetworks networks = model.Networks;
        networks.Eta.train();
        Tensor target = poses.Draw(recipe.Batch, RandomStreams.PretrainingPoses, step);  // [M,K,2]
        (Tensor p, _) = networks.Eta.call(networks.Beta.call(target));
        Tensor loss = functional.mse_loss(p, target);
        optimizer.Minimize(loss, step, "η's pre-training");
        ExponentialMovingAverage.Update(model.Eta, networks.Eta, whole.Training.EmaDecay, step);
        return [("regressor_prior", loss.detach())];
    }

    public string? Finish()
    {
        model.KeepOfflineRegressor();
        if (BottleneckError.Measure(model, whole, prior, new MetricProtocol(null, "prior poses")) is not { } bottleneck)
            return null;
        IEnumerable<string> groups = bottleneck.PerKeypointGroup.Select(group => FormattableString.Invariant($"{group.Key} {group.Value:F2}"));
        string parts = bottleneck.PerKeypointGroup.Count == 0 ? "" : $" ({string.Join(", ", groups)})";
        string error = FormattableString.Invariant($"{bottleneck.ErrorPercentOfImage:F2} % of the image");
        return $"η reads clean skeleton images of prior poses to {error}{parts}: no closer can it come to a pose in an image";
    }

    public void Save(CheckpointTensors checkpoint) => checkpoint.AddOptimizer("eta", optimizer);

    public void Load(CheckpointTensors checkpoint) => checkpoint.RestoreOptimizer("eta", optimizer);

    public void Dispose() => optimizer.Dispose();
}
