namespace KeypointMl.Training;

/// <summary>An experiment's results as far as they are there.</summary>
/// <param name="Experiment">The experiment.</param>
/// <param name="Cells">Every cell, row by row.</param>
/// <param name="Seconds">Seconds of training behind the cells, each run once.</param>
/// <param name="Runs">The runs behind the cells that ended.</param>
/// <param name="Versions">What computed them, each once.</param>
internal sealed record ExperimentTable(Experiment Experiment, IReadOnlyList<CellResult> Cells, double Seconds, int Runs, IReadOnlyList<string> Versions)
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
            else if (entry.Outcome == RunOutcome.Finished && cell.Metric.In(cell.Postprocessed ? entry.Postprocessed : entry.Metrics) is { } value)
                values.Add((entry.Seed, value));
            else
                failed.Add(entry.Seed);
        }
        return new CellResult(cell.Row, cell.Column, cell.Metric, cell.Runs.Count, values, diverged, failed, cell.Row.Paper.GetValueOrDefault(cell.Column.Name));
    }
}
