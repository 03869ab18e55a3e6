using KeypointMl.Poses;

namespace KeypointMl.Scoring;

/// <summary>
/// The median over time of each coordinate of each track: over the scored frames of a window around the frame, fewer at the ends and where frames failed. Takes out single wrong detections
/// and keeps edges.
/// </summary>
/// <param name="Window"><c>median</c>: how many scored frames wide, odd, at least 3.</param>
public sealed record MedianSmoothing(int Window) : ScoreStep
{
    /// <inheritdoc/>
    public override bool IsOverTime => true;

    internal override IRowStep Start(Skeleton skeleton) => new MedianFilter(Window / 2);
}
