using KeypointMl.Data;

namespace KeypointMl.Training;

/// <summary>
/// A table of the paper, or one like it, as the runs that fill it: rows (methods) by columns (what is measured, on what data), and the seeds of every cell.
/// Written in YAML (<c>pipelines/experiments/*.yaml</c>); <c>docs/experiments.md</c> lists its keys.
/// </summary>
public sealed record Experiment
{
    /// <summary>The file it was read from, for messages.</summary>
    public required string Source { get; init; }

    /// <summary><c>title</c> of the table.</summary>
    public required string Title { get; init; }

    /// <summary><c>paper</c>: which table of the paper it is, or stands beside; empty for none.</summary>
    public required string Paper { get; init; }

    /// <summary><c>description</c>: what a reader of the table must know; may be empty.</summary>
    public required string Description { get; init; }

    /// <summary><c>seeds</c> of the rows that do not have their own.</summary>
    public required IReadOnlyList<ulong> Seeds { get; init; }

    /// <summary><c>columns</c>, at least one.</summary>
    public required IReadOnlyList<ExperimentColumn> Columns { get; init; }

    /// <summary><c>rows</c>, at least one.</summary>
    public required IReadOnlyList<ExperimentRow> Rows { get; init; }

    /// <summary>Reads an experiment and resolves every recipe that it names.</summary>
    /// <param name="path">The YAML file.</param>
    /// <exception cref="FileNotFoundException">There is no such file, or no such recipe.</exception>
    /// <exception cref="InvalidDataException">It is not an experiment, or a recipe does not take a setting; the message names file and line.</exception>
    public static Experiment Load(string path)
    {
        Experiment experiment = ExperimentReader.Read(YamlSection.Load(path), path);
        ExperimentPlan.Create(experiment);
        return experiment;
    }

    /// <summary>The same experiment with settings laid over those of every row and column; its title names them.</summary>
    /// <param name="settings">Keys of the recipes with other values, as <c>key=value</c>.</param>
    public Experiment With(IReadOnlyList<string> settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings.Count == 0 ? this : this with
        {
            Title = $"{Title} ({string.Join(", ", settings)})",
            Rows = [.. Rows.Select(row => row with { Training = row.Training with { Settings = [.. row.Training.Settings, .. settings] } })],
        };
    }
}
