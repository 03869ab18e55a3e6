using KeypointMl.Data.Yaml;
using KeypointMl.Training.Tensors;

namespace KeypointMl.Training.Experiments;

/// <summary>
/// A table of the paper, or one like it, as the runs that fill it: rows (methods) by columns (what is measured, on what
/// data), and the seeds of every cell. Written in YAML (<c>pipelines/experiments/*.yaml</c>);
/// <c>docs/experiments.md</c> lists its keys.
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
    /// <exception cref="InvalidDataException">
    /// It is not an experiment, or a recipe does not take a setting; the message names file and line.
    /// </exception>
    public static Experiment Load(string path)
    {
        Experiment experiment = YamlSection.Load(path, root => ExperimentReader.Read(root, path));
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
            Rows = [.. Rows.Select(row => row with
            {
                Training = row.Training with { Settings = [.. row.Training.Settings, .. settings] },
            })],
        };
    }
}

/// <summary>How an <see cref="ExperimentRunner"/> goes about an experiment.</summary>
public sealed record ExperimentOptions
{
    /// <summary>The folder of results, table and runs; made if missing.</summary>
    public required string Folder { get; init; }

    /// <summary>The data root; null: the environment's.</summary>
    public string? DataRoot { get; init; }

    /// <summary>Seeds in place of the experiment's; null: those.</summary>
    public IReadOnlyList<ulong>? Seeds { get; init; }

    /// <summary>The names of the rows to run; null: all. The table always has all.</summary>
    public IReadOnlyList<string>? Only { get; init; }

    /// <summary>Where to train; null: where each recipe says (<c>training.device</c>).</summary>
    public TrainingDevice? Device { get; init; }

    /// <summary>Is told what a person should know of the data, such as files of a folder that were left out; null for nobody.</summary>
    public Action<string>? Note { get; init; }

    /// <summary>Whether anything is run; false writes the table of what is there.</summary>
    public bool Train { get; init; } = true;
}

/// <summary>How a call of <see cref="ExperimentRunner.Run"/> ended.</summary>
/// <param name="Finished">Runs that are trained and measured, now or before.</param>
/// <param name="Planned">Runs that were asked for.</param>
/// <param name="Problems">A line for each run, or data set, that went wrong.</param>
/// <param name="InUse">Runs that another process trains.</param>
/// <param name="Stopped">Whether it was asked to stop.</param>
/// <param name="TablePath">The table as Markdown; <c>table.csv</c> and <c>report.html</c> are beside it.</param>
public sealed record ExperimentSummary(
    int Finished, int Planned, IReadOnlyList<string> Problems, int InUse, bool Stopped, string TablePath);

/// <summary>What a row or a column says about training.</summary>
/// <param name="Recipe"><c>recipe</c>: path of the recipe; null: not said here.</param>
/// <param name="StartFrom">
/// <c>start_from</c>: path of the recipe of a first stage, whose networks the recipe's training starts from, seed by
/// seed; null: none, or not said here.
/// </param>
/// <param name="Settings"><c>set</c>: keys of the recipes with other values, as <c>key=value</c>.</param>
public sealed record ExperimentTraining(string? Recipe, string? StartFrom, IReadOnlyList<string> Settings)
{
    /// <summary>A row's training laid over a column's.</summary>
    internal static ExperimentTraining Merge(ExperimentTraining column, ExperimentTraining row) =>
        new(row.Recipe ?? column.Recipe, row.StartFrom ?? column.StartFrom, [.. column.Settings, .. row.Settings]);
}
