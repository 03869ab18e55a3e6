using KeypointMl.Data.Formats.DeepLabCut;
using KeypointMl.Data.Formats.PoseFiles;
using KeypointMl.Data.Formats.Tables;
using KeypointMl.Imaging.Folders;
using KeypointMl.Imaging.Images;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Scoring.Rows;

namespace KeypointMl.Scoring.Sinks;

/// <summary>
/// Writes rows as files of other tools that can only be written as a whole: <c>.deeplabcut.csv</c>, which DeepLabCut reads
/// (header lines <c>scorer</c>, <c>individuals</c> where there are several tracks, <c>bodyparts</c>, <c>coords</c>; a line for
/// each frame of the one video), and <c>.slp</c>, which SLEAP opens. All rows are held in memory until the end.
/// </summary>
internal sealed class PoseTableSink : IPredictionSink
{
    private readonly string path;
    private readonly Skeleton skeleton;
    private readonly List<PoseRow> rows = [];

    /// <param name="path">The final name; its folder must exist.</param>
    /// <param name="skeleton">Names the K keypoints.</param>
    public PoseTableSink(string path, Skeleton skeleton) => (this.path, this.skeleton) = (path, skeleton);

    public ValueTask WriteAsync(PredictionRow row, RgbImage? picture, CancellationToken cancellation)
    {
        rows.Add(row.Status == PredictionStatus.Ok
            ? new PoseRow(
                row.Source, row.Frame, row.Item, row.Keypoints.ToArray(), row.Confidence.ToArray(), row.Box,
                FormattableString.Invariant($"frame {row.Frame} of {row.Source}"))
            : Nothing(row.Source, row.Frame, row.Item));
        return ValueTask.CompletedTask;
    }

    public ValueTask CompleteAsync(CancellationToken cancellation)
    {
        if (DeepLabCutFiles.IsOne(path))
            DeepLabCutCsvWriter.Write(new PoseTable(path, skeleton, OfTracks()), path);
        else
            PoseFile.Write(new PoseTable(path, skeleton, [.. rows.Where(row => row.Points.Any(point => float.IsFinite(point.X)))]), path);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // Frames of a video without a pose belong to a track that there is, for otherwise they would be one more.
    private List<PoseRow> OfTracks()
    {
        if (rows.Count == 0 || ImageFolder.IsImage(rows[0].Source))
            return rows;
        string track = rows.Select(row => row.Item).FirstOrDefault(item => item.Length > 0) ?? "";
        return [.. rows.Select(row => row.Item.Length == 0 ? row with { Item = track } : row)];
    }

    private PoseRow Nothing(string source, long frame, string item)
    {
        var nowhere = new System.Numerics.Vector2[skeleton.Count];
        Array.Fill(nowhere, new System.Numerics.Vector2(float.NaN));
        float[] unknown = new float[skeleton.Count];
        Array.Fill(unknown, float.NaN);
        return new PoseRow(source, frame, item, nowhere, unknown, null, path);
    }
}
