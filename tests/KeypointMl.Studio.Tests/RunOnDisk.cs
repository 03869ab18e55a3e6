using System.Globalization;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;

namespace KeypointMl.Studio.Tests;

/// <summary>A run's folder as training writes it, made without training.</summary>
internal static class RunOnDisk
{
    /// <summary>Writes <c>recipe.yaml</c> and the log's first lines.</summary>
    public static string Write(TemporaryFolder folder, string name = "run", int lines = 3)
    {
        Recipe recipe = Presets.Cpu64 with { Name = "walk", Data = new DataRecipe { Manifest = "puppets.yaml" } };
        folder.Write($"{name}/recipe.yaml", recipe.ToYaml());
        for (int i = 1; i <= lines; i++)
            Append(folder, name, 10 * i);
        return folder[name];
    }

    /// <summary>Adds a line to the log.</summary>
    public static void Append(TemporaryFolder folder, string name, int step)
    {
        string losses = string.Create(CultureInfo.InvariantCulture, $$"""{"perceptual":{{1.0 / step}}}""");
        string errors = string.Create(CultureInfo.InvariantCulture, $$"""{"error_percent_of_image":{{100.0 / step}}}""");
        File.AppendAllText(
            folder[$"{name}/log.jsonl"],
            $$"""{"phase":"training","step":{{step}},"seconds":{{step}},"losses":{{losses}},"evaluation":{{errors}}}""" + "\n");
    }
}
