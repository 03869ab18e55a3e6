using KeypointMl.Data.Frames;
using KeypointMl.Data.Loading;
using KeypointMl.Training.Batches;
using KeypointMl.Training.Checkpoints;
using KeypointMl.Training.Optimisation;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;
using KeypointMl.Training.Runs;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Methods;

/// <summary>
/// The supervised baseline: the same Φ and η, trained on labelled frames by MSE of the coordinates (labelled keypoints
/// only) with the same image augmentation, optimiser and number of steps. For comparison; self-supervised training
/// never sees a label.
/// </summary>
internal sealed class SupervisedTraining : ITrainingPhase
{
    private readonly Recipe recipe;
    private readonly TrainingNetworks model;
    private readonly LabelledBatches batches;
    private readonly NetworkOptimizer phi;
    private readonly NetworkOptimizer eta;

    public SupervisedTraining(Recipe recipe, TrainingNetworks model, LabelledFrames labels, TrainingPlace place)
    {
        this.recipe = recipe;
        this.model = model;
        batches = new LabelledBatches(recipe, labels, place.Device);
        OptimisationRecipe training = recipe.Training;
        var schedule = new LearningRateSchedule(training.LearningRate, training.Steps, training.DecayFrom);
        phi = new NetworkOptimizer(
            model.Networks.Phi, schedule, (training.Betas.First, training.Betas.Second), training.GradientClip, place.Watch);
        eta = new NetworkOptimizer(
            model.Networks.Eta, schedule, (training.Betas.First, training.Betas.Second), training.GradientClip, place.Watch);
    }

    public TrainingPhase Phase => TrainingPhase.Training;

    public long Steps => recipe.Training.Steps;

    public int FramesPerStep => recipe.Training.Batch;

    public bool TrainsDetector => true;

    public IReadOnlyList<(string Name, Tensor Value)> Step(FrameBatch? frames, long step)
    {
        model.Train();
        (Tensor x, Tensor target, Tensor labelled) = batches.Make(frames!, step);       // [N,3,H,W], [N,K,2], [N,K,1]
        (Tensor p, _) = model.Networks.Eta.call(model.Networks.Phi.call(x));
        Tensor loss = ((p - target).square() * labelled).sum() / (2 * labelled.sum().clamp_min(1));
        phi.Minimize(loss, step, "the supervised baseline", eta);
        model.UpdateAverages(recipe.Training.EmaDecay, step);
        return [("coordinates", loss.detach())];
    }

    public void Save(CheckpointTensors checkpoint)
    {
        checkpoint.AddOptimizer("phi", phi);
        checkpoint.AddOptimizer("eta", eta);
    }

    public void Load(CheckpointTensors checkpoint)
    {
        checkpoint.RestoreOptimizer("phi", phi);
        checkpoint.RestoreOptimizer("eta", eta);
    }

    public void Dispose()
    {
        batches.Dispose();
        phi.Dispose();
        eta.Dispose();
    }
}
