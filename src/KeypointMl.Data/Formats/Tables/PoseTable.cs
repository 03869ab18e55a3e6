using System.Numerics;
using KeypointMl.Poses;

namespace KeypointMl.Data;

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
                $"{Path}: there is no keypoint '{keypoint}'; the file has {string.Join(", ", Skeleton.Keypoints.Take(20))}{(Skeleton.Count > 20 ? ", …" : "")}.");
        }
    }

    /// <summary>A row's pose for training or evaluation: points whose score is below the limit become NaN.</summary>
    /// <param name="row">A row of this table.</param>
    /// <param name="minScore">The limit; points without a score pass.</param>
    public static Vector2[] Labels(PoseRow row, float minScore) => row.Scores is not float[] scores
        ? row.Points
        : [.. row.Points.Select((point, k) => scores[k] >= minScore ? point : new Vector2(float.NaN))];
}
