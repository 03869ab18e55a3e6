namespace KeypointMl.Testing;

/// <summary>An experiment of runs of three steps on tiny puppets.</summary>
internal sealed class TinyExperiment : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public TinyExperiment() => Recipe = TinyPuppets.WriteRecipe(folder);

    public string Recipe { get; }

    public string OutputFolder => folder["out"];

    public string this[string name] => Path.Combine(OutputFolder, name);

    /// <summary>Writes <c>experiment.yaml</c>: one column, one row, two seeds.</summary>
    public string Write(Func<string, string>? change = null)
    {
        string yaml = """
            title: Tiny
            seeds: [1, 2]
            columns:
              - {name: error, metric: error_percent_of_image, recipe: RECIPE}
            rows:
              - {name: ours}

            """;
        // A line by itself, so that the numbers of the others stay.
        File.WriteAllText(folder["experiment.yaml"],
            (change?.Invoke(yaml) ?? yaml).Replace(
                "recipe: RECIPE", $"recipe: {Recipe}, set: {{training.steps: 3, data.seed: 1}}", StringComparison.Ordinal));
        return folder["experiment.yaml"];
    }

    public void Dispose() => folder.Dispose();
}
