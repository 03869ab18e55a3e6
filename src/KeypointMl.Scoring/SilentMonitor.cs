namespace KeypointMl.Scoring;

/// <summary>Tells nobody.</summary>
internal sealed class SilentMonitor : IScoringMonitor
{
    public static SilentMonitor Instance { get; } = new();

    public void Note(string message)
    {
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
