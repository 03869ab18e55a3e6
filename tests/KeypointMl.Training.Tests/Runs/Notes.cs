using KeypointMl.Training.Runs;

namespace KeypointMl.Training.Tests;

/// <summary>What a run said on its way.</summary>
internal sealed class Notes : ITrainingProgress
{
    public List<string> Said { get; } = [];

    public void Begin(TrainingPhase phase, long done, long steps)
    {
    }

    public void Report(in ProgressUpdate update)
    {
    }

    public void Note(string message) => Said.Add(message);

    public void Dispose()
    {
    }
}
