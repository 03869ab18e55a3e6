using System.CommandLine;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Manifests;
using KeypointMl.Training.Batches;
using KeypointMl.Training.Recipes;

namespace KeypointMl.Cli.Commands;

/// <summary><c>--data MANIFEST</c> of what takes labels: they need not be those of the run's own data set.</summary>
internal static class OtherLabels
{
    public static Option<string?> Option() => new("--data")
    {
        Description = "The manifest of the data set that has the labelled frames; by default the run's own.",
        HelpName = "MANIFEST",
    };

    /// <summary>The data set at the recipe's size; null where it is the run's own.</summary>
    /// <exception cref="IOException">The manifest or its files are not there.</exception>
    /// <exception cref="InvalidDataException">The manifest is wrong.</exception>
    public static IDataset? Open(Recipe recipe, string? manifest, string? dataRoot, Action<string> note, CancellationToken cancellation) =>
        manifest is null || PathOf(manifest).Equals(
            PathOf(recipe.Data.Manifest), OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase)
            ? null
            : RecipeData.Open(recipe with { Data = recipe.Data with { Manifest = manifest } }, dataRoot, cancellation, note);

    private static string PathOf(string manifest) => Path.GetFullPath(ShippedFiles.Find(manifest));
}
