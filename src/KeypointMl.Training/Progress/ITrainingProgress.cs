namespace KeypointMl.Training;

/// <summary>Shows a person how training is going. Called from the training thread, often: an implementation decides what to draw and when.</summary>
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
