namespace KeypointMl.Training.Experiments;

/// <summary>An experiment's results as far as they are there.</summary>
/// <param name="Experiment">The experiment.</param>
/// <param name="Cells">Every cell, row by row.</param>
/// <param name="Seconds">Seconds of training behind the cells, each run once.</param>
/// <param name="Runs">The runs behind the cells that ended.</param>
/// <param name="Versions">What computed them, each once.</param>
internal sealed record ExperimentTable(
    Experiment Experiment, IReadOnlyList<CellResult> Cells, double Seconds, int Runs, IReadOnlyList<string> Versions)
{
    public static ExperimentTable Collect(Experiment experiment, ExperimentPlan plan, IReadOnlyDictionary<string, LedgerEntry> results)
    {
        List<LedgerEntry> used = [.. plan.Order(null).Select(run => results.GetValueOrDefault(run.Key)).OfType<LedgerEntry>()];
        return new ExperimentTable(
            experiment,
            [.. plan.Cells.Select(cell => Collect(cell, results))],
            used.Sum(entry => entry.Seconds),
            used.Count,
            [.. used.Select(entry => string.Join(", ", entry.Versions.Select(version => $"{version.Key} {version.Value}"))).Distinct()]);
    }

    /// <summary>The row's cells, one a column.</summary>
    public IEnumerable<CellResult> Of(ExperimentRow row) => Cells.Where(cell => cell.Row == row);

    private static CellResult Collect(PlannedCell cell, IReadOnlyDictionary<string, LedgerEntry> results)
    {
        List<(ulong, double)> values = [];
        List<ulong> diverged = [];
        List<ulong> failed = [];
        foreach (PlannedRun run in cell.Runs)
        {
            if (results.GetValueOrDefault(run.Key) is not { } entry)
                continue;
            if (entry.Outcome == RunOutcome.Diverged)
                diverged.Add(entry.Seed);
            else if (entry.Outcome == RunOutcome.Finished
                && cell.Metric.In(cell.Postprocessed ? entry.Postprocessed : entry.Metrics) is { } value)
                values.Add((entry.Seed, value));
            else
                failed.Add(entry.Seed);
        }
        return new CellResult(cell.Row, cell.Column, cell.Metric, cell.Runs.Count, values, diverged, failed,
            cell.Row.Paper.GetValueOrDefault(cell.Column.Name));
    }
}

/// <summary>A column of an experiment: a measurement of every row.</summary>
public sealed record ExperimentColumn
{
    /// <summary><c>name</c>, unique.</summary>
    public required string Name { get; init; }

    /// <summary><c>metric</c>: which number of a run's <c>metrics.json</c>.</summary>
    public required ExperimentMetric Metric { get; init; }

    /// <summary><c>postprocessed</c>: the measurement behind the supervised post-processing instead of the detector's own.</summary>
    public bool Postprocessed { get; init; }

    /// <summary>
    /// <c>paper</c>: what the paper's figures in this column are of, where that is something else than the column; else
    /// null.
    /// </summary>
    public string? Paper { get; init; }

    /// <summary><c>recipe</c>, <c>start_from</c> and <c>set</c>: how it is trained, where the row does not say otherwise.</summary>
    public required ExperimentTraining Training { get; init; }
}

/// <summary>A row of an experiment: a method.</summary>
public sealed record ExperimentRow
{
    /// <summary><c>name</c>, unique.</summary>
    public required string Name { get; init; }

    /// <summary><c>group</c>: a heading that it stands under, such as <c>fully supervised</c>; null for none.</summary>
    public string? Group { get; init; }

    /// <summary><c>note</c> for the reader; may be empty.</summary>
    public string Note { get; init; } = "";

    /// <summary><c>cited</c>: only the paper's figures are shown; nothing is trained.</summary>
    public bool Cited { get; init; }

    /// <summary><c>columns</c> that it is measured in; null: all.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary><c>seeds</c>; null: the experiment's.</summary>
    public IReadOnlyList<ulong>? Seeds { get; init; }

    /// <summary><c>metric</c> in place of the columns'; null: theirs.</summary>
    public ExperimentMetric? Metric { get; init; }

    /// <summary><c>postprocessed</c>, as for a column; true where either says so.</summary>
    public bool Postprocessed { get; init; }

    /// <summary><c>paper</c>: the paper's figure by the column's name, as printed there.</summary>
    public required IReadOnlyDictionary<string, string> Paper { get; init; }

    /// <summary><c>recipe</c>, <c>start_from</c> and <c>set</c>: recipes in place of the columns', settings over theirs.</summary>
    public required ExperimentTraining Training { get; init; }

    /// <summary>Where it stands: <c>file:line</c>.</summary>
    public required string Where { get; init; }
}
