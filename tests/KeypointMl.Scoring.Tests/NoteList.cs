using KeypointMl.Scoring.Running;

namespace KeypointMl.Scoring.Tests;

/// <summary>Keeps what it is told.</summary>
internal sealed class NoteList : IScoringMonitor
{
    public List<string> Notes { get; } = [];

    public void Note(string message) => Notes.Add(message);

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
