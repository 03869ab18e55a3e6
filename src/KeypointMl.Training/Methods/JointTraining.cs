using KeypointMl.Data.Loading;
using KeypointMl.Training.Batches;
using KeypointMl.Training.Checkpoints;
using KeypointMl.Training.Losses;
using KeypointMl.Training.Optimisation;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Runs;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Methods;

/// <summary>The joint training of section 3.2: <see cref="KeypointGan.Step"/> on augmented pairs of frames and prior poses.</summary>
internal sealed class JointTraining : ITrainingPhase
{
    private readonly Recipe recipe;
    private readonly TrainingNetworks model;
    private readonly PriorPoseBatches poses;
    private readonly BatchAugmenter augmenter;
    private readonly IReadOnlyList<ILossTerm> terms;
    private readonly KeypointGanOptimizers optimizers;
    private readonly KeypointGan gan;
    private readonly Device device;

    public JointTraining(
        Recipe recipe, TrainingNetworks model, PriorPoseBatches poses, ReconstructionTerm reconstruction, TrainingPlace place)
    {
        this.recipe = recipe;
        this.model = model;
        this.poses = poses;
        device = place.Device;
        augmenter = new BatchAugmenter(recipe, device);
        optimizers = KeypointGanFactory.Optimizers(recipe, model.Networks, place.Watch);
        terms = KeypointGanFactory.Terms(recipe, model.Points, model.Networks, optimizers, reconstruction, device);
        gan = new KeypointGan(
            model.Networks, optimizers, terms, KeypointGanFactory.Weights(recipe.Losses), recipe.Ablation.Bottleneck);
    }

    public TrainingPhase Phase => TrainingPhase.Training;

    public long Steps => recipe.Training.Steps;

    public int FramesPerStep => recipe.Training.Batch;

    public bool TrainsDetector => true;

    public IReadOnlyList<(string Name, Tensor Value)> Step(FrameBatch? frames, long step)
    {
        model.Train();
        int count = recipe.Training.Batch;
        Tensor x = ImageTensors.FromBytes(frames!.X, count, recipe.Size, recipe.Size, device);
        Tensor other = ImageTensors.FromBytes(frames.Style, count, recipe.Size, recipe.Size, device);
        TrainingBatch batch = augmenter.Augment(x, other, poses.Draw(count, RandomStreams.PriorPoses, step), step);
        IReadOnlyList<(string, Tensor)> losses = gan.Step(batch, step);
        model.UpdateAverages(recipe.Training.EmaDecay, step);
        return losses;
    }

    public void Save(CheckpointTensors checkpoint)
    {
        foreach ((string name, NetworkOptimizer optimizer) in Optimizers())
            checkpoint.AddOptimizer(name, optimizer);
        foreach (ILossTerm term in terms)
            checkpoint.AddTerm(term);
    }

    public void Load(CheckpointTensors checkpoint)
    {
        foreach ((string name, NetworkOptimizer optimizer) in Optimizers())
            checkpoint.RestoreOptimizer(name, optimizer);
        foreach (ILossTerm term in terms)
            checkpoint.RestoreTerm(term);
    }

    public void Dispose()
    {
        augmenter.Dispose();
        foreach (ILossTerm term in terms)
            term.Dispose();
        optimizers.Dispose();
    }

    private IEnumerable<(string Name, NetworkOptimizer Optimizer)> Optimizers() =>
    [
        ("phi", optimizers.Phi), ("psi", optimizers.Psi), ("d", optimizers.D), ("eta", optimizers.Eta),
        .. optimizers.ImageD is null ? Array.Empty<(string, NetworkOptimizer)>() : [("dx", optimizers.ImageD)],
    ];
}
