namespace KeypointMl.Training;

/// <summary>Shows nothing.</summary>
public sealed class SilentProgress : ITrainingProgress
{
    /// <inheritdoc/>
    public void Begin(TrainingPhase phase, long done, long steps)
    {
    }

    /// <inheritdoc/>
    public void Report(in ProgressUpdate update)
    {
    }

    /// <inheritdoc/>
    public void Note(string message)
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
