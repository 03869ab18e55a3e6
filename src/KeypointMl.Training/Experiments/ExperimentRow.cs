namespace KeypointMl.Training;

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
