namespace KeypointMl.Training;

/// <summary>A column of an experiment: a measurement of every row.</summary>
public sealed record ExperimentColumn
{
    /// <summary><c>name</c>, unique.</summary>
    public required string Name { get; init; }

    /// <summary><c>metric</c>: which number of a run's <c>metrics.json</c>.</summary>
    public required ExperimentMetric Metric { get; init; }

    /// <summary><c>postprocessed</c>: the measurement behind the supervised post-processing instead of the detector's own.</summary>
    public bool Postprocessed { get; init; }

    /// <summary><c>paper</c>: what the paper's figures in this column are of, where that is something else than the column; else null.</summary>
    public string? Paper { get; init; }

    /// <summary><c>recipe</c>, <c>start_from</c> and <c>set</c>: how it is trained, where the row does not say otherwise.</summary>
    public required ExperimentTraining Training { get; init; }
}
