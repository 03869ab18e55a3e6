using System.CommandLine;
using KeypointMl.Cli.Running;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Manifests;
using KeypointMl.Training.Batches;
using KeypointMl.Training.Recipes;

namespace KeypointMl.Cli.Commands;

/// <summary><c>--data MANIFEST</c> of what takes labels: they need not be those of the run's own data set.</summary>
internal static class OtherLabels
{
    public static Option<string?> Option() => new Option<string?>("--data")
    {
        Description = $"The data set with the labelled frames; by default the run's own. {ManifestLookup.Help}",
        HelpName = "MANIFEST",
    }.Completing(ManifestLookup.Names);

    /// <summary>The data set at the recipe's size; null where it is the run's own.</summary>
    /// <exception cref="IOException">The manifest or its files are not there.</exception>
    /// <exception cref="InvalidDataException">The manifest is wrong.</exception>
    public static IDataset? Open(
        Recipe recipe, string? manifest, string? dataRoot, Action<string> note, CancellationToken cancellation)
    {
        if (manifest is null)
            return null;
        StringComparison names = OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
        string path = ManifestLookup.PathOf(manifest);
        if (Path.GetFullPath(path).Equals(Path.GetFullPath(ShippedFiles.Find(recipe.Data.Manifest)), names))
            return null;
        return RecipeData.Open(recipe with { Data = recipe.Data with { Manifest = path } }, dataRoot, cancellation, note);
    }
}
