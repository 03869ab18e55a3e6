namespace KeypointMl.Training;

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

    /// <summary>Whether anything is run; false writes the table of what is there.</summary>
    public bool Train { get; init; } = true;
}
