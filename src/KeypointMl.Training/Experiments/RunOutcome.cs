namespace KeypointMl.Training;

/// <summary>How a run of an experiment ended.</summary>
public enum RunOutcome
{
    /// <summary>It was trained to its end and measured.</summary>
    Finished,

    /// <summary>A loss or gradient was no longer a number: a result, which the same seed gives again.</summary>
    Diverged,

    /// <summary>Something else went wrong; it is tried again.</summary>
    Failed,
}
