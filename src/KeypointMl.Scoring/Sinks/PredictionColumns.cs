using KeypointMl.Poses.Skeletons;
using KeypointMl.Scoring.Rows;

namespace KeypointMl.Scoring.Sinks;

/// <summary>
/// The columns of a table of rows: <c>source</c>, <c>frame</c>, <c>item</c>, <c>box.x</c>, <c>box.y</c>,
/// <c>box.width</c>, <c>box.height</c>, <c>status</c>, <c>error</c>, then <c>&lt;keypoint&gt;.x</c>,
/// <c>&lt;keypoint&gt;.y</c>, <c>&lt;keypoint&gt;.confidence</c> of each keypoint, then, where poses are normalised,
/// <c>&lt;keypoint&gt;.normalized_x</c> and <c>&lt;keypoint&gt;.normalized_y</c>.
/// </summary>
/// <param name="skeleton">Names the K keypoints.</param>
/// <param name="normalized">Whether there are normalised poses.</param>
internal sealed class PredictionColumns(Skeleton skeleton, bool normalized)
{
    /// <summary>The key of a Parquet file's metadata under which its skeleton stands (<see cref="Skeleton.ToJson"/>).</summary>
    public const string SkeletonKey = "keypointml.skeleton";

    /// <summary>The keypoints, edges and pairs.</summary>
    public Skeleton Skeleton => skeleton;

    /// <summary>The columns that tell what a row is of, and what became of it.</summary>
    public static IReadOnlyList<string> Frame { get; } =
    [
        "source", "frame", "item", "box.x", "box.y", "box.width", "box.height", "status", "error",
    ];

    /// <summary>The last columns of a job's shards: the size of the whole frame in pixels, which formats made of them need.</summary>
    public static IReadOnlyList<string> FrameSize { get; } = ["width", "height"];

    /// <summary>The columns of numbers behind them.</summary>
    public IReadOnlyList<string> Numbers { get; } =
    [
        .. skeleton.Keypoints.SelectMany(name => new[] { $"{name}.x", $"{name}.y", $"{name}.confidence" }),
        .. normalized ? skeleton.Keypoints.SelectMany(name => new[] { $"{name}.normalized_x", $"{name}.normalized_y" }) : [],
    ];

    /// <summary>The value of one of <see cref="Numbers"/>; null where the row failed or the keypoint has no position.</summary>
    public float? Number(PredictionRow row, int column)
    {
        if (row.Status == PredictionStatus.Failed)
            return null;
        if (column < 3 * skeleton.Count)
        {
            int k = column / 3;
            return (column % 3) switch
            {
                0 => Finite(row.Keypoints.Span[k].X),
                1 => Finite(row.Keypoints.Span[k].Y),
                _ =>
                row.Confidence.Span[k]
            };
        }
        (int point, int coordinate) = Math.DivRem(column - 3 * skeleton.Count, 2);
        return Finite(row.Normalized.Span[point][coordinate]);
    }

    private static float? Finite(float value) => float.IsFinite(value) ? value : null;
}
