using KeypointMl.Poses;
using static TorchSharp.torch;

namespace KeypointMl.Training;

/// <summary>Makes the networks of the recipe's method.</summary>
internal static class TrainedModels
{
    /// <summary>New networks with the recipe's seed; the averages start equal to them. They are drawn on the CPU and moved: a seed's weights are the same everywhere.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="skeleton">The data set's keypoints.</param>
    /// <param name="device">Where to; null: the CPU.</param>
    public static ITrainedModel Create(Recipe recipe, Skeleton skeleton, Device? device = null)
    {
        ITrainedModel model = recipe switch
        {
            { Method: TrainingMethod.Distillation } => new DistillationNetworks(recipe, skeleton),
            { Method: TrainingMethod.Imm } => ImmNetworks.Create(recipe),
            { Method: TrainingMethod.Supervised, Supervised.Detector: SupervisedDetector.Hourglass } => new HourglassNetworks(recipe, skeleton),
            { Method: TrainingMethod.Supervised, Supervised.Detector: SupervisedDetector.Student } => new LabelledStudent(recipe, skeleton),
            _ => TrainingNetworks.Create(recipe, skeleton),
        };
        if (recipe.Training.Precision == TrainingPrecision.Bf16)
        {
            foreach (Convolution convolution in model.Trained.SelectMany(network => network.modules()).OfType<Convolution>())
                convolution.Precision = ScalarType.BFloat16;
        }
        model.MoveTo(device ?? DeviceTensors.Cpu);
        return model;
    }

    /// <summary>The networks of a run's newest checkpoint; the caller disposes them.</summary>
    /// <exception cref="InvalidDataException">The run has no checkpoint of its training yet, or it does not fit the recipe.</exception>
    public static (ITrainedModel Model, Skeleton Skeleton, CheckpointFile Checkpoint) Open(RunFolder run, Device? device = null)
    {
        CheckpointFile newest = run.RequireTrained();
        Skeleton skeleton = TrainingCheckpoint.ReadSkeleton(newest);
        ITrainedModel model = Create(run.Recipe, skeleton, device);
        using (NewDisposeScope())
            TrainingCheckpoint.RestoreNetworks(newest, model);
        return (model, skeleton, newest);
    }
}
