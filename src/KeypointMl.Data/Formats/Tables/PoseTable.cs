using System.Numerics;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Data.Formats.Tables;

/// <summary>
/// Poses as tools for labelling and tracking store them: what a SLEAP, DeepLabCut, COCO or CSV file comes down to.
/// </summary>
/// <param name="Path">The file.</param>
/// <param name="Skeleton">The keypoints, and the edges and pairs that the file knows of.</param>
/// <param name="Rows">In the file's order.</param>
public sealed record PoseTable(string Path, Skeleton Skeleton, IReadOnlyList<PoseRow> Rows)
{
    /// <summary>The same poses with the keypoints of another skeleton, taken by name.</summary>
    /// <param name="skeleton">Each of its keypoints must be one of this table's.</param>
    /// <exception cref="InvalidDataException">A keypoint is not in the file; the message lists those that are.</exception>
    public PoseTable Select(Skeleton skeleton)
    {
        if (skeleton.Keypoints.SequenceEqual(Skeleton.Keypoints))
            return this with { Skeleton = skeleton };
        int[] indices = [.. skeleton.Keypoints.Select(IndexOf)];
        return new PoseTable(Path, skeleton,
        [
            .. Rows.Select(row => row with
            {
                Points = Array.ConvertAll(indices, k => row.Points[k]),
                Scores = row.Scores is null ? null : Array.ConvertAll(indices, k => row.Scores[k]),
            }),
        ]);

        int IndexOf(string keypoint)
        {
            int index = Skeleton.Keypoints.IndexOf(keypoint);
            return index >= 0 ? index : throw new InvalidDataException(
                $"{Path}: there is no keypoint '{keypoint}'; "
                + $"the file has {string.Join(", ", Skeleton.Keypoints.Take(20))}{(Skeleton.Count > 20 ? ", …" : "")}.");
        }
    }

    /// <summary>A row's pose for training or evaluation: points whose score is below the limit become NaN.</summary>
    /// <param name="row">A row of this table.</param>
    /// <param name="minScore">The limit; points without a score pass.</param>
    public static Vector2[] Labels(PoseRow row, float minScore) => row.Scores is not float[] scores
        ? row.Points
        : [.. row.Points.Select((point, k) => scores[k] < minScore ? new Vector2(float.NaN) : point)];
}

/// <summary>One subject in one frame of a file of poses.</summary>
/// <param name="Source">The image or video, as the file names it; may be empty.</param>
/// <param name="Frame">0-based frame number; 0 for a still image.</param>
/// <param name="Item">Which subject (a track); empty where the file does not say.</param>
/// <param name="Points">K points in pixels of the frame (0 is the centre of the first pixel); NaN where there is none.</param>
/// <param name="Scores">The score of each point, NaN where it has none; null where the file has none for any.</param>
/// <param name="Box">The subject's box in pixels of the frame, or null.</param>
/// <param name="Where">File and position, for messages.</param>
public sealed record PoseRow(string Source, long Frame, string Item, Vector2[] Points, float[]? Scores, Box? Box, string Where)
{
    /// <summary>
    /// A row's scores, of a file that has some: null where the row has points and no score for any of them, as those have
    /// that somebody has put.
    /// </summary>
    internal static float[]? KnownScores(float[]? scores, Vector2[] points)
    {
        int[] there = [.. Enumerable.Range(0, points.Length).Where(k => float.IsFinite(points[k].X))];
        return scores is null || (there.Length > 0 && there.All(k => !float.IsFinite(scores[k]))) ? null : scores;
    }

    /// <summary>Whether the subject was scored and, where it was not, why; null where the file is not of predictions.</summary>
    internal (bool IsOk, string Error)? Outcome { get; init; }

    /// <summary>The images that the file has of this row's video; null where it has none.</summary>
    internal SleapPackage? Package { get; init; }

    /// <summary>The image of this row's frame; null where the file has none.</summary>
    internal EmbeddedImage? Embedded { get; init; }
}
