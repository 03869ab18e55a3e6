using System.Globalization;
using KeypointMl.Data.Csv;
using KeypointMl.Data.Formats.Landmarks;
using KeypointMl.Data.Formats.Tables;

namespace KeypointMl.Data.Formats.DeepLabCut;

/// <summary>
/// Reads DeepLabCut's CSV files, labels (<c>CollectedData_*.csv</c>) and predictions: three or four header lines
/// (<c>scorer</c>, with several animals <c>individuals</c>, <c>bodyparts</c>, <c>coords</c>), then a frame a line. The
/// frame is a number, a path, or the three columns of a path. So are those of Lightning Pose and EKS, whose further
/// columns (<c>x_ens_median</c>, <c>x_posterior_var</c>, …, and <c>set</c>) are passed over.
/// </summary>
internal static class DeepLabCutCsvReader
{
    /// <summary>Whether a CSV file begins as DeepLabCut's do.</summary>
    internal static bool IsDeepLabCut(string path)
    {
        using var reader = new StreamReader(path);
        char[] start = new char[9];
        string first = new string(start, 0, reader.ReadBlock(start)).Replace("\"", "", StringComparison.Ordinal);
        return first.Length > 6 && first[..7] is "scorer," or "scorer;" or "scorer\t";
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// It has another form, or a value that is no number; the message names file and line.
    /// </exception>
    public static PoseTable Read(string path)
    {
        using var table = new CsvRows(path, trim: false);
        var headers = new Dictionary<string, string[]>(StringComparer.Ordinal);
        do
        {
            string[] line = table.Next() ?? throw table.Error("the file ends before the line 'coords'");
            if (line[0] is not ("scorer" or "individuals" or "bodyparts" or "coords") || !headers.TryAdd(line[0], line))
            {
                throw table.Error($"the line begins with '{TextNumbers.Shorten(line[0])}'; "
                    + "expected scorer, individuals, bodyparts, coords, each once");
            }
        }
        while (!headers.ContainsKey("coords"));
        if (!headers.TryGetValue("bodyparts", out string[]? parts))
            throw table.Error("there is no line 'bodyparts' before 'coords'");
        string[]? individuals = headers.GetValueOrDefault("individuals");
        string[] coordinates = headers["coords"];
        if (headers.Values.Any(line => line.Length != coordinates.Length))
            throw table.Error("the header lines have different numbers of columns");
        int first = 1;
        while (first < coordinates.Length && DeepLabCutLayout.IsNameless(coordinates[first]) && DeepLabCutLayout.IsNameless(parts[first]))
            first++; // The columns of a path have no coordinate.
        if (first is not (1 or 3))
            throw table.Error($"{first} columns name the frame; expected 1 or 3");
        var layout = new DeepLabCutLayout(
            [.. Enumerable.Range(first, coordinates.Length - first).Select(i => (individuals?[i] ?? "", parts[i], coordinates[i]))],
                path, path);
        var rows = new List<PoseRow>();
        int[] used = [.. Enumerable.Range(first, coordinates.Length - first).Where(i => DeepLabCutLayout.IsRead(coordinates[i]))];
        while (table.Next() is { } line)
        {
            if (line.Length != coordinates.Length)
                throw table.WrongCount(line.Length, coordinates.Length);
            double[] values = new double[line.Length - first];
            foreach (int i in used)
                values[i - first] = Number(line[i]);
            string name = string.Join('/', line.Take(first));
            (string source, long frame) = DeepLabCutLayout.Frame(
                TextNumbers.TryWhole(table.WithPoint(name), out _) ? table.WithPoint(name) : name);
            layout.AddRows(rows, source, frame, values, $"{path}:{table.Line}");
        }
        return new PoseTable(path, layout.Skeleton, rows);

        double Number(string text) => text.Length == 0 ? double.NaN
            : double.TryParse(table.WithPoint(text), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value
            : throw table.Error($"'{TextNumbers.Shorten(text)}' is no number{table.NumberHint(text)}");
    }
}
