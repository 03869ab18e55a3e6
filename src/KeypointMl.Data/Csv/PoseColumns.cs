using System.Numerics;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Data.Csv;

/// <summary>
/// Which columns of a CSV file hold the keypoints: <c>name_x,name_y[,name_score]</c> (or <c>_confidence</c>,
/// <c>_likelihood</c>), or <c>x0,y0,x1,y1,…</c> in the skeleton's order.
/// </summary>
internal sealed class PoseColumns
{
    private readonly CsvTable table;
    private readonly Skeleton skeleton;
    private readonly (int X, int Y, int? Score)[] columns;

    internal PoseColumns(CsvTable table, Skeleton skeleton)
    {
        this.table = table;
        this.skeleton = skeleton;
        bool numbered = table.FindColumn("x0") is not null;
        columns = [.. skeleton.Keypoints.Select(
            (name, k) => (Find(name, k, "x"), Find(name, k, "y"), numbered ? table.FindColumn($"score{k}") : FindScore(table, $"{name}_")))];
        RejectOtherPoints(numbered);
        if (!numbered)
            RejectThirdCoordinate(table, skeleton.Keypoints, '_');

        int Find(string name, int k, string axis)
        {
            string column = numbered ? $"{axis}{k}" : $"{name}_{axis}";
            return table.FindColumn(column) ?? throw table.Error(
                $"there is no column '{column}' for keypoint {k} of skeleton '{skeleton.Name}', which has {skeleton.Count} "
                + $"keypoints; expected columns {skeleton.Keypoints[0]}_x,{skeleton.Keypoints[0]}_y,… or x0,y0,…");
        }
    }

    /// <summary>The column of a keypoint's score, by any of the names that tools give it.</summary>
    internal static int? FindScore(CsvTable table, string prefix) =>
        table.FindColumn($"{prefix}score") ?? table.FindColumn($"{prefix}confidence") ?? table.FindColumn($"{prefix}likelihood");

    /// <summary>Refuses points that have a third coordinate: without it they would be seen from an axis that nobody chose.</summary>
    /// <exception cref="InvalidDataException">There is a column <c>name_z</c>.</exception>
    internal static void RejectThirdCoordinate(CsvTable table, IEnumerable<string> names, char separator)
    {
        if (names.FirstOrDefault(name => table.FindColumn($"{name}{separator}z") is not null) is string solid)
        {
            throw table.Error($"there is a column '{solid}{separator}z': these are poses in space, and poses in pixels of an image are "
                + "read. Give the labels or predictions of one camera");
        }
    }

    /// <summary>The current row's pose; every coordinate must be there and finite.</summary>
    internal Vector2[] ReadComplete() =>
        [.. columns.Select(column => new Vector2(table.FiniteNumber(column.X), table.FiniteNumber(column.Y)))];

    /// <summary>
    /// The current row's pose; NaN where a coordinate is empty or NaN, or the score is below
    /// <paramref name="minScore"/>.
    /// </summary>
    internal Vector2[] ReadLabels(float minScore)
    {
        var pose = new Vector2[skeleton.Count];
        for (int k = 0; k < pose.Length; k++)
        {
            var point = new Vector2(table.OptionalNumber(columns[k].X), table.OptionalNumber(columns[k].Y));
            bool trusted = columns[k].Score is not int score || !(table.OptionalNumber(score) < minScore);
            pose[k] = trusted && float.IsFinite(point.X) && float.IsFinite(point.Y) ? point : new Vector2(float.NaN);
        }
        return pose;
    }

    /// <summary>The current row's scores, NaN where one is empty; null where no keypoint has a column for it.</summary>
    internal float[]? ReadScores() => columns.All(column => column.Score is null)
        ? null
        : [.. columns.Select(column => column.Score is int score ? table.OptionalNumber(score) : 1)];

    private void RejectOtherPoints(bool numbered)
    {
        string? extra = numbered
            ? table.Header.FirstOrDefault(column => column == $"x{skeleton.Count}")
            : table.Header.FirstOrDefault(column => column.EndsWith("_x", StringComparison.Ordinal)
                && !skeleton.Keypoints.Contains(column[..^2]));
        if (extra is not null)
        {
            throw table.Error($"column '{extra}' belongs to no keypoint of skeleton '{skeleton.Name}', which has "
                + $"{skeleton.Count}: {string.Join(", ", skeleton.Keypoints.Take(20))}");
        }
    }
}
