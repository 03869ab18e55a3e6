using KeypointMl.Poses;

namespace KeypointMl.Training;

/// <summary>Makes the networks of the recipe's method.</summary>
internal static class TrainedModels
{
    /// <summary>New networks with the recipe's seed; the averages start equal to them.</summary>
    public static ITrainedModel Create(Recipe recipe, Skeleton skeleton) => recipe switch
    {
        { Method: TrainingMethod.Imm } => ImmNetworks.Create(recipe),
        { Method: TrainingMethod.Supervised, Supervised.Detector: SupervisedDetector.Hourglass } => HourglassNetworks.Create(recipe, skeleton),
        _ => TrainingNetworks.Create(recipe, skeleton),
    };

    /// <summary>The networks of a run's newest checkpoint; the caller disposes them.</summary>
    /// <exception cref="InvalidDataException">The run has no checkpoint of its training yet, or it does not fit the recipe.</exception>
    public static (ITrainedModel Model, Skeleton Skeleton, CheckpointFile Checkpoint) Open(RunFolder run)
    {
        CheckpointFile newest = run.RequireTrained();
        Skeleton skeleton = TrainingCheckpoint.ReadSkeleton(newest);
        ITrainedModel model = Create(run.Recipe, skeleton);
        using (TorchSharp.torch.NewDisposeScope())
            TrainingCheckpoint.RestoreNetworks(newest, model);
        return (model, skeleton, newest);
    }
}
