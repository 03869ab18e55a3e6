using System.Numerics;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Scoring.Review;
using KeypointMl.Scoring.Rows;

namespace KeypointMl.Studio.Reviewing;

/// <summary>The predictions of one image or video.</summary>
internal sealed class SourcePoses
{
    private const int MostBuckets = 800;
    private const int MostEvents = 200;
    private const int MostTracks = 20;

    private readonly ILookup<long, PredictionRow> byFrame;
    private readonly IReadOnlyList<ReviewedTrack> tracks;
    private readonly Lazy<TimelineEvent[]> events;

    /// <param name="name">The image or video, as the predictions name it.</param>
    /// <param name="skeleton">Names the keypoints.</param>
    /// <param name="rows">Its rows.</param>
    public SourcePoses(string name, Skeleton skeleton, IEnumerable<PredictionRow> rows)
    {
        (Name, Skeleton) = (name, skeleton);
        byFrame = rows.ToLookup(row => row.Frame);
        tracks = ReviewedTrack.Divide(byFrame.SelectMany(frame => frame));
        events = new(FindEvents);
    }

    /// <summary>The image or video, as the predictions name it.</summary>
    public string Name { get; }

    /// <summary>Names the keypoints.</summary>
    public Skeleton Skeleton { get; }

    /// <summary>The rows of a frame that have keypoints.</summary>
    public IEnumerable<PredictionRow> Of(long frame) => byFrame[frame].Where(row => row.Status == PredictionStatus.Ok);

    /// <summary>Confidences and events over time.</summary>
    /// <param name="frames">How many frames the video has.</param>
    public Timeline Describe(long frames)
    {
        int buckets = (int)Math.Clamp(frames, 1, MostBuckets);
        HashSet<ReviewedTrack> drawn = [.. tracks.OrderByDescending(track => track.Rows.Count).Take(MostTracks)];
        return new Timeline(
            frames, buckets, [.. Skeleton.Keypoints],
            [.. tracks.Where(drawn.Contains).Select(track => new TimelineTrack(track.Item, Lowest(track, frames, buckets)))],
            [.. tracks.Where(track => !drawn.Contains(track)).Select(track => track.Item)],
            events.Value);
    }

    // The lowest of each stretch of time, for it is what one looks for.
    private float?[][] Lowest(ReviewedTrack track, long frames, int buckets)
    {
        float?[][] lowest = [.. Enumerable.Range(0, Skeleton.Count).Select(_ => new float?[buckets])];
        foreach (PredictionRow row in track.Rows.Where(row => row.Frame < frames))
        {
            int bucket = (int)(row.Frame * buckets / frames);
            ReadOnlySpan<float> confidence = row.Confidence.Span;
            ReadOnlySpan<Vector2> points = row.Keypoints.Span;
            for (int k = 0; k < lowest.Length; k++)
            {
                // Nobody is sure of a point that is not there.
                if (float.IsFinite(points[k].X + points[k].Y))
                    lowest[k][bucket] = Math.Min(lowest[k][bucket] ?? 1, confidence[k]);
            }
        }
        return lowest;
    }

    private TimelineEvent[] FindEvents() =>
    [
        .. PredictionReview.FindFaults(Skeleton, tracks, PredictionReview.DefaultThreshold, events: null)
            .Where(fault => fault.Kind != FaultKind.Confidence)
            .OrderByDescending(fault => fault.Severity).Take(MostEvents)
            .Select(fault => new TimelineEvent(
                fault.Row.Frame, fault.Row.Item, FaultNames.Key(fault.Kind), FaultNames.Of(fault.Kind), fault.Words)),
    ];
}

/// <summary>Confidences and events of a video over time.</summary>
/// <param name="Frames">How many frames there are.</param>
/// <param name="Buckets">Into how many stretches of time they are divided.</param>
/// <param name="Keypoints">K names.</param>
/// <param name="Tracks">One for each subject, of many those with the most rows.</param>
/// <param name="OtherTracks">The names of the others.</param>
/// <param name="Events">Jumps, odd bones, flips and what happened to tracks: the gravest of them.</param>
internal sealed record Timeline(
    long Frames, int Buckets, string[] Keypoints, TimelineTrack[] Tracks, string[] OtherTracks, TimelineEvent[] Events);

/// <summary>A subject's confidences over time.</summary>
/// <param name="Track">Which subject.</param>
/// <param name="Confidence">[K,buckets]: the lowest of each stretch; null where it is not seen.</param>
internal sealed record TimelineTrack(string Track, float?[][] Confidence);

/// <summary>Something to look at.</summary>
/// <param name="Frame">Where.</param>
/// <param name="Track">Which subject.</param>
/// <param name="Kind"><c>jump</c>, <c>bone</c>, <c>flip</c> or <c>track</c>.</param>
/// <param name="Title">The same for people.</param>
/// <param name="Words">What exactly.</param>
internal sealed record TimelineEvent(long Frame, string Track, string Kind, string Title, string Words);
