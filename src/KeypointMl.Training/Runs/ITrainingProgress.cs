namespace KeypointMl.Training.Runs;

/// <summary>
/// Shows a person how training is going. Called from the training thread, often: an implementation decides what to draw
/// and when.
/// </summary>
public interface ITrainingProgress : IDisposable
{
    /// <summary>A phase begins, or goes on after a resume.</summary>
    /// <param name="phase">The phase.</param>
    /// <param name="done">Steps that are done already; 0 without a resume.</param>
    /// <param name="steps">Steps of the whole phase.</param>
    void Begin(TrainingPhase phase, long done, long steps);

    /// <summary>A step is done.</summary>
    /// <param name="update">How it went; valid for the length of the call.</param>
    void Report(in ProgressUpdate update);

    /// <summary>Something worth a line of its own: an evaluation, a checkpoint, a warning.</summary>
    void Note(string message);
}

/// <summary>The state after a step.</summary>
/// <param name="Step">Steps of the phase that are done.</param>
/// <param name="Images">Images that the step took; 0 in a phase that sees none.</param>
/// <param name="Losses">
/// Losses by name, in the order in which to show them. On a GPU those of the last step that was read, every tenth;
/// empty before.
/// </param>
public readonly record struct ProgressUpdate(long Step, int Images, IReadOnlyList<KeyValuePair<string, double>> Losses);

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
