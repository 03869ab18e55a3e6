using KeypointMl.Poses.Skeletons;
using KeypointMl.Training.Methods;
using KeypointMl.Training.Networks;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;
using KeypointMl.Training.Runs;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Models;

/// <summary>Makes the networks of the recipe's method.</summary>
internal static class TrainedModels
{
    /// <summary>
    /// New networks with the recipe's seed; the averages start equal to them. They are drawn on the CPU and moved: a
    /// seed's weights are the same everywhere.
    /// </summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="skeleton">The data set's keypoints.</param>
    /// <param name="device">Where to; null: the CPU.</param>
    public static ITrainedModel Create(Recipe recipe, Skeleton skeleton, Device? device = null)
    {
        ITrainedModel model = TrainingMethods.Of(recipe).CreateModel(recipe, skeleton);
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
