namespace KeypointMl.Scoring.Running;

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

/// <summary>How scoring went.</summary>
/// <param name="Frames">Frames that were asked for: images, and frames of videos.</param>
/// <param name="FramesWithoutBox">How many of them have no row, because the boxes file has no box for them.</param>
/// <param name="Ok">Rows with keypoints.</param>
/// <param name="Failed">Rows without.</param>
/// <param name="Elapsed">From the first frame asked for to the outputs' completion.</param>
public sealed record ScoringSummary(long Frames, long FramesWithoutBox, long Ok, long Failed, TimeSpan Elapsed)
{
    /// <summary>
    /// How long the detector's session took for all batches together; more than <see cref="Elapsed"/> where several ran
    /// at the same time.
    /// </summary>
    public TimeSpan SessionTime { get; init; }

    /// <summary>Frames per second; 0 where no time passed.</summary>
    public double FramesPerSecond => Elapsed > TimeSpan.Zero ? Frames / Elapsed.TotalSeconds : 0;
}

/// <summary>That a shard is finished: a line of a manifest.</summary>
/// <param name="Shard">Its number.</param>
/// <param name="Key">Its key, a hash of what goes into it.</param>
/// <param name="Sha256">Of its file.</param>
/// <param name="Bytes">The file's length.</param>
/// <param name="Frames">How many frames there were.</param>
/// <param name="FramesWithoutBox">How many of them have no row, because the boxes file has no box for them.</param>
/// <param name="Ok">Rows with keypoints.</param>
/// <param name="Failed">Rows without.</param>
/// <param name="Seconds">How long it took, from the first frame asked for to the record.</param>
/// <param name="SessionSeconds">
/// How long the detector's session took for all batches together; several may have run at the same time.
/// </param>
/// <param name="Worker">Who did it.</param>
/// <param name="Finished">When.</param>
public sealed record ShardRecord(
    int Shard,
    string Key,
    string Sha256,
    long Bytes,
    long Frames,
    long FramesWithoutBox,
    long Ok,
    long Failed,
    double Seconds,
    double SessionSeconds,
    string Worker,
    DateTimeOffset Finished);
