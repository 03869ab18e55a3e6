using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace KeypointMl.Data;

/// <summary>
/// Reads DeepLabCut's CSV files, labels (<c>CollectedData_*.csv</c>) and predictions: three or four header lines (<c>scorer</c>, with several animals <c>individuals</c>,
/// <c>bodyparts</c>, <c>coords</c>), then a frame a line. The frame is a number, a path, or the three columns of a path.
/// </summary>
public static class DeepLabCutCsvReader
{
    /// <summary>Whether a CSV file begins as DeepLabCut's do.</summary>
    internal static bool IsDeepLabCut(string path)
    {
        using var reader = new StreamReader(path);
        char[] start = new char[7];
        return reader.ReadBlock(start) == start.Length && new string(start).Equals("scorer,", StringComparison.Ordinal);
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It has another form, or a value that is no number; the message names file and line.</exception>
    public static PoseTable Read(string path)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no file {path}.", path);
        using var parser = new CsvParser(new StreamReader(path), new CsvConfiguration(CultureInfo.InvariantCulture));
        var headers = new Dictionary<string, string[]>(StringComparer.Ordinal);
        do
        {
            string[] line = Next() ?? throw Error("the file ends before the line 'coords'");
            if (line[0] is not ("scorer" or "individuals" or "bodyparts" or "coords") || !headers.TryAdd(line[0], line))
                throw Error($"the line begins with '{TextNumbers.Shorten(line[0])}'; expected scorer, individuals, bodyparts, coords, each once");
        }
        while (!headers.ContainsKey("coords"));
        if (!headers.TryGetValue("bodyparts", out string[]? parts))
            throw Error("there is no line 'bodyparts' before 'coords'");
        string[]? individuals = headers.GetValueOrDefault("individuals");
        string[] coordinates = headers["coords"];
        if (headers.Values.Any(line => line.Length != coordinates.Length))
            throw Error("the header lines have different numbers of columns");
        int first = 1;
        while (first < coordinates.Length && coordinates[first].Length == 0)
            first++; // The columns of a path have no coordinate.
        if (first is not (1 or 3))
            throw Error($"{first} columns name the frame; expected 1 or 3");
        var layout = new DeepLabCutLayout(
            [.. Enumerable.Range(first, coordinates.Length - first).Select(i => (individuals?[i] ?? "", parts[i], coordinates[i]))], path, path);
        var rows = new List<PoseRow>();
        while (Next() is { } line)
        {
            if (line.Length != coordinates.Length)
                throw Error($"the line has {line.Length} values; the header has {coordinates.Length} columns");
            double[] values = [.. line.Skip(first).Select(Number)];
            (string source, long frame) = DeepLabCutLayout.Frame(string.Join('/', line.Take(first)));
            layout.AddRows(rows, source, frame, values, $"{path}:{parser.RawRow}");
        }
        return new PoseTable(path, layout.Skeleton, rows);

        string[]? Next()
        {
            try
            {
                return parser.Read() ? parser.Record : null;
            }
            catch (CsvHelperException error)
            {
                throw new InvalidDataException($"{path}:{parser.RawRow}: not well-formed CSV ({error.Message.Split('\n')[0].Trim()}).", error);
            }
        }

        double Number(string text) => text.Length == 0 ? double.NaN
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value
            : throw Error($"'{TextNumbers.Shorten(text)}' is no number");

        InvalidDataException Error(string message) => new($"{path}:{parser.RawRow}: {message}.");
    }
}
