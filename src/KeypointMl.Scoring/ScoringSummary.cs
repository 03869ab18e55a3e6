namespace KeypointMl.Scoring;

/// <summary>How scoring went.</summary>
/// <param name="Frames">Frames that were asked for: images, and frames of videos.</param>
/// <param name="FramesWithoutBox">How many of them have no row, because the boxes file has no box for them.</param>
/// <param name="Ok">Rows with keypoints.</param>
/// <param name="Failed">Rows without.</param>
/// <param name="Elapsed">From the first frame asked for to the outputs' completion.</param>
public sealed record ScoringSummary(long Frames, long FramesWithoutBox, long Ok, long Failed, TimeSpan Elapsed)
{
    /// <summary>How long the detector's session took for all batches together; more than <see cref="Elapsed"/> where several ran at the same time.</summary>
    public TimeSpan SessionTime { get; init; }

    /// <summary>Frames per second; 0 where no time passed.</summary>
    public double FramesPerSecond => Elapsed > TimeSpan.Zero ? Frames / Elapsed.TotalSeconds : 0;
}
