using System.Numerics;
using KeypointMl.Data.Csv;
using KeypointMl.Data.Frames;
using KeypointMl.Poses.Metrics;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Data.Readers;

/// <summary>Labels of image files: a CSV file with the column <c>frame</c> and keypoints in pixels of the image.</summary>
internal static class ImageLabelsReader
{
    /// <summary>The labels by frame, in pixels of the image.</summary>
    internal static Dictionary<string, Vector2[]> Read(string path, Skeleton skeleton, float minScore, IReadOnlySet<string> frames)
    {
        using var table = new CsvTable(path);
        var columns = new PoseColumns(table, skeleton);
        int frame = table.Column("frame");
        var labels = new Dictionary<string, Vector2[]>(StringComparer.Ordinal);
        while (table.Read())
        {
            string name = table.Text(frame);
            if (!frames.Contains(name))
                throw table.Error($"frame '{name}' is labelled, but not among the {frames.Count} frames of the split");
            if (!labels.TryAdd(name, columns.ReadLabels(minScore)))
                throw table.Error($"frame '{name}' is labelled twice");
        }
        return labels.Count > 0 ? labels : throw new InvalidDataException($"{path} labels no frame.");
    }

    /// <summary>Moves labels from pixels of the images to pixels of the resized frames.</summary>
    internal static LabelledFrames Attach(ImageFrameSet frames, Vector2[][] labels, Skeleton skeleton, MetricProtocol protocol)
    {
        Vector2[][] poses = [.. labels.Select(
            (pose, i) => Array.ConvertAll(pose, point => frames.GetId(i).Box.ToCrop(point, frames.Width, frames.Height)))];
        return new LabelledFrames(skeleton, frames, poses, protocol);
    }
}
