using KeypointMl.Scoring.Running;

namespace KeypointMl.Scoring.Tests;

/// <summary>Keeps what it is told.</summary>
/// <param name="onNote">Is told of each note; null for nobody.</param>
internal sealed class NoteList(Action<string>? onNote = null) : IScoringMonitor
{
    public List<string> Notes { get; } = [];

    public void Note(string message)
    {
        Notes.Add(message);
        onNote?.Invoke(message);
    }

    public void Begin(long? frames)
    {
    }

    public void Advance(long frames)
    {
    }

    public void Finished(ShardRecord record)
    {
    }
}
