using KeypointMl.Data.Frames;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Training.Batches;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Tensors;

namespace KeypointMl.Training.Methods;

/// <summary>A way to train a detector, as the recipe's <c>method</c> names it: what it reads, its networks, and its phases.</summary>
public interface ITrainingMethod
{
    /// <summary>Opens what a run reads.</summary>
    /// <exception cref="ArgumentException">The data set has no labels of a split that the method needs them of.</exception>
    TrainingData OpenData(Recipe recipe, IDataset dataset);

    /// <summary>New networks with the recipe's seed, drawn on the CPU; the averages start equal to them.</summary>
    ITrainedModel CreateModel(Recipe recipe, Skeleton skeleton);

    /// <summary>The phases in their order, each made when it is asked for; the caller disposes them.</summary>
    /// <param name="recipe">Of a run.</param>
    /// <param name="model">Networks that <see cref="CreateModel"/> made.</param>
    /// <param name="data">Data that <see cref="OpenData"/> opened.</param>
    /// <param name="place">Where it is trained.</param>
    IEnumerable<ITrainingPhase> CreatePhases(Recipe recipe, ITrainedModel model, TrainingData data, TrainingPlace place);
}
