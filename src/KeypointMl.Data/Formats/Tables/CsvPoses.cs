using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Text;
using KeypointMl.Data.Csv;
using KeypointMl.Imaging.Files;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Data.Formats.Tables;

/// <summary>
/// Poses as CSV with a header line. Columns: for each keypoint <c>name_x,name_y[,name_score]</c>, or
/// <c>name.x,name.y[,name.confidence]</c> as scoring writes them (a score may also be called <c>likelihood</c>);
/// optionally what else scoring writes: <c>status</c> and <c>error</c>; <c>source</c> or <c>file</c>, <c>frame</c> (a number, or the image where there is no <c>source</c>),
/// <c>item</c> or <c>track</c>, and a box <c>box.x,box.y,box.width,box.height</c>. Empty coordinates are missing points.
/// </summary>
internal static class CsvPoses
{
    private static readonly string[] BoxColumns = ["box.x", "box.y", "box.width", "box.height"];

    /// <summary>Reads a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// It has no keypoints, or a value that is no number; the message names file and line.
    /// </exception>
    public static PoseTable Read(string path)
    {
        using var table = new CsvTable(path);
        char separator = table.Header.Any(column => column.EndsWith(".x", StringComparison.Ordinal) && column != "box.x") ? '.' : '_';
        string suffix = $"{separator}x";
        ImmutableArray<string> names = [.. table.Header.Where(column => column.EndsWith(suffix, StringComparison.Ordinal)
            && column != "box.x").Select(column => column[..^2])];
        if (names.IsEmpty)
            throw table.Error("there is no keypoint; expected columns name_x,name_y or name.x,name.y");
        PoseColumns.RejectThirdCoordinate(table, names, separator);
        (int X, int Y, int? Score)[] columns = [.. names.Select(name =>
            (table.Column($"{name}{separator}x"), table.Column($"{name}{separator}y"), PoseColumns.FindScore(table, $"{name}{separator}")))];
        int?[] box = Array.ConvertAll(BoxColumns, table.FindColumn);
        var keys = new CsvPoseKeys(table);
        (int? status, int? error) = (table.FindColumn("status"), table.FindColumn("error"));
        bool scored = columns.Any(column => column.Score is not null);
        var rows = new List<PoseRow>();
        while (table.Read())
        {
            Vector2[] points = [.. columns.Select(column => Point(table, column.X, column.Y))];
            float[]? scores = scored ? [.. columns.Select(column => column.Score is int index ? table.OptionalNumber(index) : 1)] : null;
            (string source, long frame, string item) = keys.Read();
            rows.Add(new PoseRow(
                source, frame, item, points, PoseRow.KnownScores(scores, points), ReadBox(table, box), $"{path}:{table.Line}")
            {
                Outcome = status is int state && error is int why ? (table.Text(state) == "ok", table.Text(why)) : null,
            });
        }
        return new PoseTable(path, MakeSkeleton(table, names), rows) { HasFrames = keys.HasFrames };
    }

    /// <summary>Writes a file in the form <c>name_x,name_y,name_score</c>, without scores where no row has any.</summary>
    internal static void Write(PoseTable table, string path) => AtomicFile.Write(path, stream =>
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        bool boxed = table.Rows.Any(row => row.Box is not null);
        bool scored = table.Rows.Any(row => row.Scores is not null);
        bool predicted = table.Rows.Any(row => row.Outcome is not null);
        writer.Write(table.HasFrames ? "source,frame,item" : "source,item");
        if (boxed)
            writer.Write($",{string.Join(',', BoxColumns)}");
        if (predicted)
            writer.Write(",status,error");
        foreach (string name in table.Skeleton.Keypoints)
            writer.Write($",{Plain(name)}_x,{name}_y{(scored ? $",{name}_score" : "")}");
        writer.WriteLine();
        foreach (PoseRow row in table.Rows)
        {
            writer.Write($"{CsvText.Quote(row.Source)},{(table.HasFrames ? $"{row.Frame}," : "")}{CsvText.Quote(row.Item)}");
            if (boxed)
                writer.Write(row.Box is Box b ? FormattableString.Invariant($",{b.X},{b.Y},{b.Width},{b.Height}") : ",,,,");
            if (predicted)
                writer.Write(row.Outcome is { IsOk: false } failed ? $",failed,{CsvText.Quote(failed.Error)}" : ",ok,");
            for (int k = 0; k < row.Points.Length; k++)
            {
                writer.Write($",{Number(row.Points[k].X)},{Number(row.Points[k].Y)}");
                if (scored)
                    writer.Write($",{(row.Scores is null ? "" : Number(row.Scores[k]))}");
            }
            writer.WriteLine();
        }
    });

    private static string Number(float value) => float.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : "";

    private static string Plain(string name) => CsvText.NeedsQuotes(name)
        ? throw new IOException(
            $"Keypoint '{name}' cannot be written to CSV: its name has a comma, a quote or a line break. Rename it in the skeleton.")
        : name;

    private static Vector2 Point(CsvTable table, int x, int y)
    {
        var point = new Vector2(table.OptionalNumber(x), table.OptionalNumber(y));
        return float.IsFinite(point.X) && float.IsFinite(point.Y) ? point : new Vector2(float.NaN);
    }

    // A box with a side of 0 is none, as in COCO.
    private static Box? ReadBox(CsvTable table, int?[] columns) =>
        columns is [int x, int y, int width, int height] && table.Text(x).Length > 0
            && new Box(table.FiniteNumber(x), table.FiniteNumber(y), table.FiniteNumber(width),
                table.FiniteNumber(height)) is { Width: > 0, Height: > 0 } box
            ? box
            : null;

    private static Skeleton MakeSkeleton(CsvTable table, ImmutableArray<string> names)
    {
        try
        {
            return new Skeleton(System.IO.Path.GetFileNameWithoutExtension(table.Path), names, []);
        }
        catch (ArgumentException error)
        {
            throw table.Error(error.Message.TrimEnd('.'));
        }
    }
}
