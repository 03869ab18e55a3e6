using KeypointMl.Data;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training;

/// <summary>η's pre-training (section 3.2; never released by the authors): MSE(η(β(p̄)), p̄) on rendered, augmented prior poses alone. No image is seen.</summary>
internal sealed class RegressorPretraining : ITrainingPhase
{
    private readonly KeypointGanNetworks networks;
    private readonly KeypointRegressor average;
    private readonly PriorPoseBatches poses;
    private readonly NetworkOptimizer optimizer;
    private readonly PretrainingRecipe recipe;
    private readonly double emaDecay;

    public RegressorPretraining(Recipe recipe, KeypointGanNetworks networks, KeypointRegressor average, PriorPoseBatches poses, TrainingPlace place)
    {
        this.networks = networks;
        this.average = average;
        this.poses = poses;
        this.recipe = recipe.RegressorPretraining;
        emaDecay = recipe.Training.EmaDecay;
        optimizer = new NetworkOptimizer(
            networks.Eta, new LearningRateSchedule(this.recipe.LearningRate, this.recipe.Steps, this.recipe.DecayFrom), (0.9, 0.999), recipe.Training.GradientClip, place.Watch);
    }

    public TrainingPhase Phase => TrainingPhase.RegressorPretraining;

    public long Steps => recipe.Steps;

    public int FramesPerStep => 0;

    public bool TrainsDetector => false;

    public IReadOnlyList<(string Name, Tensor Value)> Step(FrameBatch? frames, long step)
    {
        networks.Eta.train();
        Tensor target = poses.Draw(recipe.Batch, RandomStreams.PretrainingPoses, step);  // [M,K,2]
        (Tensor p, _) = networks.Eta.call(networks.Beta.call(target));
        Tensor loss = functional.mse_loss(p, target);
        optimizer.Minimize(loss, step, "η's pre-training");
        ExponentialMovingAverage.Update(average, networks.Eta, emaDecay, step);
        return [("regressor_prior", loss.detach())];
    }

    public void Save(CheckpointTensors checkpoint) => checkpoint.AddOptimizer("eta", optimizer);

    public void Load(CheckpointTensors checkpoint) => checkpoint.RestoreOptimizer("eta", optimizer);

    public void Dispose() => optimizer.Dispose();
}
