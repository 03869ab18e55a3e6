using KeypointMl.Data.Frames;
using KeypointMl.Data.Loading;
using KeypointMl.Data.Pairs;
using KeypointMl.Training.Batches;
using KeypointMl.Training.Distillation;
using KeypointMl.Training.Methods;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;

namespace KeypointMl.Training.Models;

/// <summary>The methods by the recipe's <c>method</c>, and what feeds their phases.</summary>
public static class TrainingMethods
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<TrainingMethod, ITrainingMethod> Known = new()
    {
        [TrainingMethod.KeypointGan] = new KeypointGanMethod(),
        [TrainingMethod.Supervised] = new SupervisedMethod(),
        [TrainingMethod.Imm] = new ImmMethod(),
        [TrainingMethod.Distillation] = new DistillationMethod(),
    };

    /// <summary>
    /// Lets recipes name a method. Register it before the first recipe that does is read; runs of it are trained,
    /// resumed, evaluated, reported and exported as all others.
    /// </summary>
    /// <param name="method">Its name, and what it sees and gives.</param>
    /// <param name="implementation">Its networks and phases.</param>
    /// <exception cref="ArgumentException">A method has the name already.</exception>
    public static void Register(TrainingMethod method, ITrainingMethod implementation)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(implementation);
        lock (Gate)
        {
            TrainingMethod.Add(method);
            Known.Add(method, implementation);
        }
    }

    /// <summary>The recipe's method.</summary>
    /// <exception cref="ArgumentException">It is not registered.</exception>
    internal static ITrainingMethod Of(Recipe recipe)
    {
        lock (Gate)
        {
            return Known.TryGetValue(recipe.Method, out ITrainingMethod? method)
                ? method
                : throw new ArgumentException(
                    $"The method {recipe.Method} is not registered. Call {nameof(TrainingMethods)}.{nameof(Register)} before.",
                    nameof(recipe));
        }
    }

    /// <summary>Opens what a run of the recipe reads; where frames cannot be read one by one, they are decoded here.</summary>
    /// <param name="recipe">Of the run.</param>
    /// <param name="dataset">Its data, opened at the recipe's size.</param>
    /// <exception cref="ArgumentException">The recipe's method is not registered.</exception>
    /// <exception cref="InvalidDataException">The data do not fit the recipe, or cannot be decoded.</exception>
    public static TrainingData OpenData(Recipe recipe, IDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(dataset);
        return Of(recipe).OpenData(recipe, dataset);
    }

    /// <summary>Reads a phase's frames ahead of it; null for a phase that sees none.</summary>
    /// <param name="recipe">Of the run.</param>
    /// <param name="phase">One of its phases.</param>
    /// <param name="data">Its data.</param>
    /// <param name="first">The step at which the phase begins or goes on.</param>
    /// <param name="buffers">How many steps' frames are in memory, at least 2.</param>
    internal static PrefetchingLoader? Loader(Recipe recipe, ITrainingPhase phase, TrainingData data, long first, int buffers = 4)
    {
        if (phase.FramesPerStep == 0)
            return null;
        ulong seed = recipe.Seed + RandomStreams.FramePairs;
        var pairs = new FramePairSampler(data.Frames.Clips, recipe.Pairs.MinDistance, recipe.Pairs.MaxDistance, seed);
        return new PrefetchingLoader(data.Frames, pairs, phase.FramesPerStep, first, buffers: buffers);
    }
}
