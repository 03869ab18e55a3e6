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
    private readonly ReconstructionLoss reconstruction;
    private readonly ImagePool pool;
    private readonly ImagePool imagePool;
    private readonly KeypointGanOptimizers optimizers;
    private readonly KeypointGan gan;
    private readonly Device device;

    public JointTraining(
        Recipe recipe, TrainingNetworks model, PriorPoseBatches poses, ReconstructionLoss reconstruction, TrainingPlace place)
    {
        this.recipe = recipe;
        this.model = model;
        this.poses = poses;
        device = place.Device;
        augmenter = new BatchAugmenter(recipe, device);
        this.reconstruction = reconstruction;
        pool = new ImagePool(recipe.Training.ImagePool);
        imagePool = new ImagePool(recipe.Training.ImagePool);
        optimizers = KeypointGanFactory.Optimizers(recipe, model.Networks, place.Watch);
        gan = new KeypointGan(model.Networks, optimizers, KeypointGanFactory.Weights(recipe.Losses), reconstruction, pool,
            recipe.Seed, recipe.Ablation.Bottleneck, NewSecondCycle());
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
        KeypointGanLosses losses = gan.Step(batch, step);
        model.UpdateAverages(recipe.Training.EmaDecay, step);
        var values = new List<(string, Tensor)>
        {
            ("reconstruction", losses.Reconstruction),
            ("adversarial", losses.Adversarial),
            ("discriminator", losses.Discriminator),
            ("regressor_prior", losses.RegressorPrior),
            ("regressor_images", losses.RegressorImages),
        };
        if (losses.Equivariance is { } equivariance)
            values.Add(("equivariance", equivariance));
        if (losses.SecondCycle is { } cycle)
        {
            values.AddRange([("skeleton_cycle", cycle.SkeletonCycle), ("image_adversarial", cycle.ImageAdversarial),
                ("image_discriminator", cycle.ImageDiscriminator)]);
        }
        return values;
    }

    public void Save(CheckpointTensors checkpoint)
    {
        foreach ((string name, NetworkOptimizer optimizer) in Optimizers())
            checkpoint.AddOptimizer(name, optimizer);
        foreach ((string name, ImagePool history) in Pools())
        {
            if (history.Images.Count > 0)
                checkpoint.Add(name, stack(history.Images));
        }
        checkpoint.AddRunningMeans(reconstruction);
    }

    public void Load(CheckpointTensors checkpoint)
    {
        foreach ((string name, NetworkOptimizer optimizer) in Optimizers())
            checkpoint.RestoreOptimizer(name, optimizer);
        foreach ((string name, ImagePool history) in Pools())
        {
            if (checkpoint.Find(name) is { } images)
                history.Images = [.. images.unbind(0).Select(image => image.clone().OnDevice(device))];
        }
        checkpoint.RestoreRunningMeans(reconstruction);
    }

    public void Dispose()
    {
        augmenter.Dispose();
        pool.Dispose();
        imagePool.Dispose();
        optimizers.Dispose();
    }

    private SecondCycle? NewSecondCycle() =>
        recipe.Ablation.SecondCycle ? new SecondCycle(model.Networks, optimizers, imagePool, recipe.Seed) : null;

    private IEnumerable<(string Name, ImagePool Pool)> Pools() => [("pool.images", pool), ("image_pool.images", imagePool)];

    private IEnumerable<(string Name, NetworkOptimizer Optimizer)> Optimizers() =>
    [
        ("phi", optimizers.Phi), ("psi", optimizers.Psi), ("d", optimizers.D), ("eta", optimizers.Eta),
        .. optimizers.ImageD is null ? Array.Empty<(string, NetworkOptimizer)>() : [("dx", optimizers.ImageD)],
    ];
}
