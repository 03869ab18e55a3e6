using System.Numerics;
using KeypointMl.Imaging.Folders;
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
    /// <summary>Whether the file says which frame of a video a row is of; where it does not, each has the number 0.</summary>
    internal bool HasFrames { get; init; } = true;

    /// <summary>The same poses with the keypoints of another skeleton, taken by name.</summary>
    /// <param name="skeleton">Each of its keypoints must be one of this table's.</param>
    /// <exception cref="InvalidDataException">A keypoint is not in the file; the message lists those that are.</exception>
    public PoseTable Select(Skeleton skeleton)
    {
        if (skeleton.Keypoints.SequenceEqual(Skeleton.Keypoints))
            return this with { Skeleton = skeleton };
        int[] indices = [.. skeleton.Keypoints.Select(IndexOf)];
        return this with
        {
            Skeleton = skeleton,
            Rows =
            [
                .. Rows.Select(row => row with
                {
                    Points = Array.ConvertAll(indices, k => row.Points[k]),
                    Scores = row.Scores is null ? null : Array.ConvertAll(indices, k => row.Scores[k]),
                }),
            ],
        };

        int IndexOf(string keypoint)
        {
            int index = Skeleton.Keypoints.IndexOf(keypoint);
            return index >= 0 ? index : throw new InvalidDataException(
                $"{Path}: there is no keypoint '{keypoint}'; "
                + $"the file has {string.Join(", ", Skeleton.Keypoints.Take(20))}{(Skeleton.Count > 20 ? ", …" : "")}.");
        }
    }

    /// <summary>Refuses a table that does not say which frames of a video its rows are of; of images it need not.</summary>
    /// <exception cref="InvalidDataException">It does not; the message names the first row.</exception>
    internal void RequireFrames()
    {
        if (!HasFrames && Rows.FirstOrDefault(row => !ImageFolder.IsImage(row.Source)) is PoseRow row)
        {
            throw new InvalidDataException($"{row.Where}: there is no column 'frame', which says which frame of a video a row is of "
                + "(an image is named in the column 'source').");
        }
    }

    /// <summary>
    /// The same poses for those who need a name for each subject of a frame: several without a track are called <c>instance 0</c>,
    /// <c>instance 1</c>, … in it.
    /// </summary>
    /// <param name="posesOnly">Whether a row without a point is no subject.</param>
    internal PoseTable WithNamedItems(bool posesOnly = false)
    {
        HashSet<(string, long)> several = [.. Rows.Where(IsUnnamed).CountBy(row => (row.Source, row.Frame))
            .Where(frame => frame.Value > 1).Select(frame => frame.Key)];
        HashSet<string> taken = [.. Rows.Select(row => row.Item)];
        var next = new Dictionary<(string, long), int>();
        return several.Count == 0 ? this : this with { Rows = [.. Rows.Select(Named)] };

        bool IsUnnamed(PoseRow row) => row.Item.Length == 0 && (row.HasPoint || !posesOnly);

        PoseRow Named(PoseRow row)
        {
            (string, long) frame = (row.Source, row.Frame);
            if (!IsUnnamed(row) || !several.Contains(frame))
                return row;
            int number = next.GetValueOrDefault(frame);
            while (taken.Contains($"instance {number}"))
                number++;
            next[frame] = number + 1;
            return row with { Item = $"instance {number}" };
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

    /// <summary>Whether any point is there; rows of what could not be scored have none.</summary>
    internal bool HasPoint => Points.Any(point => float.IsFinite(point.X));

    /// <summary>Whether the subject was scored and, where it was not, why; null where the file is not of predictions.</summary>
    internal (bool IsOk, string Error)? Outcome { get; init; }

    /// <summary>The images that the file has of this row's video; null where it has none.</summary>
    internal SleapPackage? Package { get; init; }

    /// <summary>The image of this row's frame; null where the file has none.</summary>
    internal EmbeddedImage? Embedded { get; init; }
}
