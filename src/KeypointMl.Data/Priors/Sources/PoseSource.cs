using System.Numerics;
using KeypointMl.Data.Csv;
using KeypointMl.Data.Formats.PoseFiles;
using KeypointMl.Data.Formats.Tables;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Data.Priors.Sources;

/// <summary>
/// Poses of a file that any tool wrote: what <see cref="PoseFile"/> reads, and CSV with <c>x0,y0,x1,y1,…</c>, whose names must be
/// known.
/// </summary>
internal static class PoseSource
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="skeleton">The keypoints to take, by name, or in whose order numbered ones stand; null for those of the file.</param>
    /// <param name="category">Of a COCO file; null for none.</param>
    /// <param name="namesHint">What to do where names must be known.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// It is of no such kind, damaged, lacks a keypoint of the skeleton, or numbers its keypoints and there is no skeleton.
    /// </exception>
    internal static PoseTable Read(string path, Skeleton? skeleton, string? category, string namesHint)
    {
        if (IsNumbered(path))
        {
            return skeleton is null
                ? throw new InvalidDataException($"{path}: the columns x0,y0,… do not name the keypoints. {namesHint}")
                : ReadNumbered(path, skeleton);
        }
        PoseTable table = PoseFile.Read(path, category);
        return skeleton is null ? table : table.Select(skeleton);
    }

    /// <summary>The poses that have all points.</summary>
    internal static IReadOnlyList<PoseRow> Complete(PoseTable table) =>
        [.. table.Rows.Where(row => row.Points.All(point => float.IsFinite(point.X) && float.IsFinite(point.Y)))];

    private static bool IsNumbered(string path)
    {
        if (!Path.GetExtension(path).Equals(".csv", StringComparison.OrdinalIgnoreCase) || !File.Exists(path))
            return false;
        using var rows = new CsvRows(path, trim: true);
        return rows.Next()?.Contains("x0") == true;
    }

    private static PoseTable ReadNumbered(string path, Skeleton skeleton)
    {
        using var table = new CsvTable(path);
        var columns = new PoseColumns(table, skeleton);
        var keys = new CsvPoseKeys(table);
        var rows = new List<PoseRow>();
        while (table.Read())
        {
            (string source, long frame, string item) = keys.Read();
            Vector2[] points = columns.ReadLabels(float.NegativeInfinity);
            float[]? scores = PoseRow.KnownScores(columns.ReadScores(), points);
            rows.Add(new PoseRow(source, frame, item, points, scores, null, $"{path}:{table.Line}"));
        }
        return new PoseTable(path, skeleton, rows) { HasFrames = keys.HasFrames };
    }
}
