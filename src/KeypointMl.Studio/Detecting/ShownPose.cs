using System.Numerics;
using KeypointMl.Inference.Detection;
using KeypointMl.Poses.Geometry;
using KeypointMl.Scoring.Rows;

namespace KeypointMl.Studio.Detecting;

/// <summary>A pose as the page reads it.</summary>
/// <param name="Track">Which subject; empty where there is one.</param>
/// <param name="Box">x, y, width and height in pixels of the frame; null for the whole frame.</param>
/// <param name="Points">
/// K times x, y in pixels of the frame (0 is the centre of the first) and confidence; null for a missing point.
/// </param>
internal sealed record ShownPose(string Track, float[]? Box, float[]?[] Points)
{
    /// <summary>What a detector found.</summary>
    public static ShownPose Of(string track, Box? box, DetectedPose pose) =>
        new(track, Numbers(box), PointsOf(pose.Keypoints, pose.Confidence));

    /// <summary>A row of predictions.</summary>
    public static ShownPose Of(PredictionRow row) =>
        new(row.Item, Numbers(row.Box), PointsOf(row.Keypoints.Span, row.Confidence.Span));

    /// <summary>
    /// The poses of a frame, each with a track of its own: what is corrected is known by it. Where several have none, they are
    /// instance 0, instance 1, …; where several have the same, the later ones are track 2, track 3, …
    /// </summary>
    public static IReadOnlyList<ShownPose> Apart(IReadOnlyList<ShownPose> poses)
    {
        if (poses.DistinctBy(pose => pose.Track).Count() == poses.Count)
            return poses;
        HashSet<string> taken = [.. poses.Select(pose => pose.Track)];
        HashSet<string> given = [];
        bool areSeveralUnnamed = poses.Count(pose => pose.Track.Length == 0) > 1;
        return [.. poses.Select(Named)];

        ShownPose Named(ShownPose pose) => pose.Track.Length > 0
            ? given.Add(pose.Track) ? pose : pose with { Track = Free(pose.Track, 2) }
            : areSeveralUnnamed ? pose with { Track = Free("instance", 0) } : pose;

        string Free(string name, int from)
        {
            while (!taken.Add($"{name} {from}"))
                from++;
            return $"{name} {from}";
        }
    }

    private static float[]? Numbers(Box? box) => box is Box b ? [b.X, b.Y, b.Width, b.Height] : null;

    private static float[]?[] PointsOf(ReadOnlySpan<Vector2> points, ReadOnlySpan<float> confidence)
    {
        float[]?[] shown = new float[]?[points.Length];
        for (int k = 0; k < shown.Length; k++)
        {
            if (float.IsFinite(points[k].X + points[k].Y))
                shown[k] = [points[k].X, points[k].Y, float.IsFinite(confidence[k]) ? Math.Clamp(confidence[k], 0, 1) : 0];
        }
        return shown;
    }
}

/// <summary>The poses of a frame as the page reads them.</summary>
/// <param name="Skeleton">What the points are called.</param>
/// <param name="From"><c>predictions</c> or <c>detector</c>.</param>
/// <param name="Poses">One for each subject.</param>
internal sealed record ShownFrame(ShownSkeleton Skeleton, string From, IReadOnlyList<ShownPose> Poses);
