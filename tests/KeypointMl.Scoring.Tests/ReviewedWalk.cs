using System.Numerics;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Scoring.Rows;

namespace KeypointMl.Scoring.Tests;

/// <summary>A body of five keypoints that turns and trembles a little, and ways to spoil it.</summary>
internal static class ReviewedWalk
{
    public const int Frames = 200;
    public static readonly Skeleton Body =
        new("body", ["nose", "earL", "earR", "hipL", "hipR"], [new(0, 1), new(0, 2), new(1, 3), new(2, 4)], [(1, 2), (3, 4)]);

    public static PredictionRow[] Walk() => [.. Enumerable.Range(0, Frames).Select(i =>
    {
        (float sin, float cos) = MathF.SinCos(0.02f * i);
        // A little trembling that is not the same in any two frames.
        Vector2 Turned(float x, float y, int k) =>
            new(80 + x * cos - y * sin + 0.3f * MathF.Sin(2.1f * i + k), 60 + x * sin + y * cos + 0.3f * MathF.Sin(3.7f * i + k));
        return new PredictionRow
        {
            Source = "v.mp4",
            Frame = i,
            Item = "0",
            Box = new Box(30, 10, 100, 100),
            Keypoints = new[] { Turned(0, -35, 0), Turned(-15, -25, 1), Turned(15, -25, 2), Turned(-20, 20, 3), Turned(20, 20, 4) },
            Confidence = new[] { 0.8f, 0.8f, 0.8f, 0.8f, 0.8f },
            FrameWidth = 160,
            FrameHeight = 120,
        };
    })];

    public static PredictionRow Moved(PredictionRow row, int k, Vector2 by)
    {
        Vector2[] points = row.Keypoints.ToArray();
        points[k] += by;
        return row with { Keypoints = points };
    }

    public static PredictionRow Exchanged(PredictionRow row)
    {
        Vector2[] p = row.Keypoints.ToArray();
        return row with { Keypoints = new[] { p[0], p[2], p[1], p[4], p[3] } };
    }
}
