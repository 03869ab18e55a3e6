using KeypointMl.Data.Frames;
using KeypointMl.Data.Manifests;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Training.Recipes;

namespace KeypointMl.Training.Batches;

/// <summary>Opens the data set that a recipe names.</summary>
public static class RecipeData
{
    /// <summary>Loads the manifest and opens it at the recipe's size.</summary>
    /// <param name="recipe">Its <c>data</c> and <c>size</c> are used.</param>
    /// <param name="dataRoot">The data root, or null for the environment's.</param>
    /// <param name="cancellation">Stops a long opening.</param>
    /// <param name="note">Is told what a person should know, such as files of a folder that were left out; null for nobody.</param>
    /// <exception cref="IOException">The manifest or its files are not there.</exception>
    /// <exception cref="InvalidDataException">The manifest is wrong; the message names file and line.</exception>
    public static IDataset Open(
        Recipe recipe, string? dataRoot, CancellationToken cancellation = default, Action<string>? note = null) =>
        DataManifest.Load(ShippedFiles.Find(recipe.Data.Manifest)).Open(new DatasetOptions
        {
            DataRoot = dataRoot,
            Width = recipe.Size,
            Height = recipe.Size,
            Seed = recipe.Data.Seed ?? recipe.Seed,
            Cancellation = cancellation,
            Note = note,
        });

    /// <summary>Opens the data set's labelled test frames; null where it has none.</summary>
    /// <param name="recipe">Its <c>data</c> and <c>size</c> are used.</param>
    /// <param name="dataRoot">The data root, or null for the environment's.</param>
    /// <param name="cancellation">Stops a long opening.</param>
    /// <exception cref="IOException">The manifest or its files are not there.</exception>
    /// <exception cref="InvalidDataException">The manifest is wrong; the message names file and line.</exception>
    public static LabelledFrames? OpenTest(Recipe recipe, string? dataRoot, CancellationToken cancellation = default) =>
        OpenTest(Open(recipe, dataRoot, cancellation));

    /// <summary>A data set's labelled test frames; null where it has none.</summary>
    public static LabelledFrames? OpenTest(IDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return dataset.LabelledSplits.Contains("test") ? dataset.OpenLabelled("test") : null;
    }

    /// <summary>Complains where labels are of other keypoints than a run's.</summary>
    /// <exception cref="InvalidDataException">They are.</exception>
    internal static void RequireKeypoints(Skeleton points, IDataset labels)
    {
        if (!points.Keypoints.SequenceEqual(labels.Skeleton.Keypoints))
        {
            throw new InvalidDataException(
                $"The labels of {labels.Name} are of the keypoints {string.Join(", ", labels.Skeleton.Keypoints)}, and the run's are "
                + $"{string.Join(", ", points.Keypoints)}. Both must be the same, in the same order.");
        }
    }
}
