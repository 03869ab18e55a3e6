using KeypointMl.Poses.Skeletons;
using KeypointMl.Training.Checkpoints;
using KeypointMl.Training.Methods;
using KeypointMl.Training.Models;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Runs;
using static TorchSharp.torch;

namespace KeypointMl.Training.Running;

/// <summary>
/// The start of a second stage (the paper trains on VoxCeleb2 and fine-tunes, without labels, on 300-W): networks from
/// a run that has the same keypoints. The averages of that run, which were its measured result, become both the
/// networks and their averages; discriminators, which have none, are taken as they are.
/// </summary>
internal static class Initialisation
{
    private const string Key = "training.initialise_from";
    private const string Average = "average.";

    /// <summary>Copies the weights.</summary>
    /// <param name="recipe">Its <c>training.initialise_from</c> is a run's folder or a checkpoint file.</param>
    /// <param name="model">New networks.</param>
    /// <param name="skeleton">The data set's.</param>
    /// <exception cref="IOException">There is no such run or file.</exception>
    /// <exception cref="InvalidDataException">
    /// The run has no checkpoint of its training, other keypoints, or networks of another shape, or was trained with
    /// labels and this one must not be.
    /// </exception>
    public static void Load(Recipe recipe, ITrainedModel model, Skeleton skeleton)
    {
        string from = recipe.Training.InitialiseFrom!;
        using var scope = NewDisposeScope();
        (CheckpointTensors checkpoint, Skeleton theirs, Recipe origin) = Open(from);
        if (!theirs.Keypoints.SequenceEqual(skeleton.Keypoints))
        {
            throw Wrong($"it has the {theirs.Count} keypoints of skeleton '{theirs.Name}' ({Some(theirs, skeleton)}), and "
                + $"the data have the {skeleton.Count} of '{skeleton.Name}' ({Some(skeleton, theirs)}). "
                + "Both must name the same, in the same order");
        }
        if (origin.Method.UsesLabels && !recipe.Method.UsesLabels)
        {
            throw Wrong($"it was trained with labels (method: {origin.Method}), which {recipe.Method} must "
                + "not see. Start from a run without labels");
        }
        if (origin.Method != recipe.Method && recipe.Method.StartsFrom != origin.Method && !recipe.Method.UsesLabels)
            throw Wrong($"it is of method {origin.Method}, and this recipe of {recipe.Method}");
        foreach ((string name, nn.Module module) in model.Inherited)
        {
            string source = checkpoint.HasModule(Average + name) ? Average + name : name;
            // The run's own pre-training makes an offline η, whatever the other run has.
            bool isMadeAnew = name == TrainingNetworks.OfflineName && recipe.RegressorPretraining.Steps > 0;
            if (!checkpoint.HasModule(source) && (isMadeAnew || model.DoWithout(name)))
                continue;
            try
            {
                checkpoint.RestoreModule(source, module);
            }
            catch (InvalidDataException exception)
            {
                throw Wrong($"its network '{source}' is of another shape ({exception.Message.TrimEnd('.')}). "
                    + $"Its recipe differs in {Differences(origin, recipe)}; give both the same networks");
            }
        }

        InvalidDataException Wrong(string what) => new($"{Key}: '{from}' cannot be started from: {what}.");
    }

    private static (CheckpointTensors Tensors, Skeleton Skeleton, Recipe Recipe) Open(string from)
    {
        try
        {
            return TrainingCheckpoint.Read(Find(from));
        }
        catch (FileNotFoundException e)
        {
            throw new FileNotFoundException($"{Key}: {e.Message}", e.FileName, e);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{Key}: {e.Message}", e);
        }
    }

    private static CheckpointFile Find(string from)
    {
        if (File.Exists(from))
            return new CheckpointFile(from, TrainingPhase.Training, 0);
        using RunFolder run = RunFolder.Open(from);
        return run.RequireTrained();
    }

    private static string Some(Skeleton skeleton, Skeleton other)
    {
        int first = Enumerable.Range(0, skeleton.Count)
            .FirstOrDefault(k => k >= other.Count || skeleton.Keypoints[k] != other.Keypoints[k], skeleton.Count - 1);
        return $"keypoint {first} is '{skeleton.Keypoints[first]}'";
    }

    private static string Differences(Recipe origin, Recipe recipe)
    {
        string[] differences = [.. recipe.DifferencesFrom(origin)
            .Where(difference => difference.StartsWith("networks.", StringComparison.Ordinal)
                || difference.StartsWith("ablation.", StringComparison.Ordinal))];
        return differences.Length == 0 ? "none of networks and ablation" : $"(now, there) {string.Join("; ", differences)}";
    }
}
