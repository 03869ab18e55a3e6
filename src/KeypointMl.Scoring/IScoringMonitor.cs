namespace KeypointMl.Scoring;

/// <summary>Is told how scoring goes.</summary>
/// <remarks>Called by one thread at a time.</remarks>
public interface IScoringMonitor
{
    /// <summary>What a person should know beside the results, such as the device that is used instead of another.</summary>
    void Note(string message);

    /// <summary>Work begins.</summary>
    /// <param name="frames">How many frames will be taken in; null where a video does not say.</param>
    void Begin(long? frames);

    /// <summary>Further frames were taken in.</summary>
    void Advance(long frames);

    /// <summary>A shard of a job is finished and recorded.</summary>
    void Finished(ShardRecord record);
}
