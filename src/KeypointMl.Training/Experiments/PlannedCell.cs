namespace KeypointMl.Training;

/// <summary>A cell of an experiment's table and the runs that fill it, one a seed; none where the row is cited or not measured in the column.</summary>
internal sealed record PlannedCell(ExperimentRow Row, ExperimentColumn Column, IReadOnlyList<PlannedRun> Runs)
{
    public ExperimentMetric Metric => Row.Metric ?? Column.Metric;

    public bool Postprocessed => Row.Postprocessed || Column.Postprocessed;
}
