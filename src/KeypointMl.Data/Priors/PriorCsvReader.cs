using System.Numerics;
using KeypointMl.Data.Csv;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Data.Priors;

/// <summary>
/// Reads prior poses from CSV: a header, then one pose a row. Columns <c>&lt;keypoint&gt;_x,&lt;keypoint&gt;_y</c> for
/// every keypoint of the skeleton, or <c>x0,y0,x1,y1,…</c> in its order; other columns (a pose's id) are not read.
/// </summary>
internal static class PriorCsvReader
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The CSV file.</param>
    /// <param name="skeleton">The keypoints it must have.</param>
    /// <param name="width">Width of the crop that the coordinates are pixels of.</param>
    /// <param name="height">Its height.</param>
    /// <param name="source">What to call it in messages and provenance; null for the path.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// It has other keypoints than the skeleton, a number that is missing or not finite, or no pose; the message names
    /// file and line.
    /// </exception>
    public static PosePrior Read(string path, Skeleton skeleton, int width, int height, string? source = null)
    {
        using var table = new CsvTable(path);
        var columns = new PoseColumns(table, skeleton);
        var poses = new List<Vector2[]>();
        while (table.Read())
            poses.Add(columns.ReadComplete());
        return new PosePrior(skeleton, poses, width, height, source ?? path);
    }
}
