using System.Globalization;
using KeypointMl.Data.Formats.Landmarks;

namespace KeypointMl.Data.Csv;

/// <summary>A CSV file with a header line, read row by row (see <see cref="CsvRows"/>); every complaint names file and line.</summary>
internal sealed class CsvTable : IDisposable
{
    private readonly CsvRows rows;
    private readonly Dictionary<string, int> columns = new(StringComparer.Ordinal);
    private string[] record = [];

    internal CsvTable(string path)
    {
        rows = new CsvRows(path, trim: true);
        try
        {
            Header = rows.Next()
                ?? throw new InvalidDataException($"{path} is empty; expected a CSV file whose first line names the columns.");
            for (int i = 0; i < Header.Length; i++)
            {
                if (!columns.TryAdd(Header[i], i))
                    throw Error($"column '{TextNumbers.Shorten(Header[i])}' stands twice in the header");
            }
        }
        catch
        {
            rows.Dispose();
            throw;
        }
    }

    internal string Path => rows.Path;

    internal string[] Header { get; }

    internal int Line => rows.Line;

    internal int? FindColumn(string name) => columns.TryGetValue(name, out int index) ? index : null;

    internal int Column(string name) => FindColumn(name)
        ?? throw Error($"there is no column '{name}'; the columns are "
            + $"{string.Join(", ", Header.Take(20).Select(TextNumbers.Shorten))}{(Header.Length > 20 ? ", …" : "")}");

    /// <summary>Goes to the next row.</summary>
    internal bool Read()
    {
        if (rows.Next() is not string[] next)
            return false;
        record = next;
        return record.Length == Header.Length ? true : throw rows.WrongCount(record.Length, Header.Length);
    }

    internal string Text(int column) => record[column];

    internal float Number(int column)
    {
        string text = rows.WithPoint(record[column]);
        return float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value)
            ? value
            : throw Unexpected(column, $"a number{rows.NumberHint(record[column])}");
    }

    internal float FiniteNumber(int column)
    {
        float value = Number(column);
        return float.IsFinite(value) ? value : throw Unexpected(column, "a finite number");
    }

    /// <summary>A number, or NaN where the value is empty.</summary>
    internal float OptionalNumber(int column) => record[column].Length == 0 ? float.NaN : Number(column);

    internal long WholeNumber(int column) =>
        IsWholeNumber(column, out long value) ? value : throw Unexpected(column, "a whole number, 0 or greater");

    internal bool IsWholeNumber(int column, out long value) => TextNumbers.TryWhole(rows.WithPoint(record[column]), out value);

    internal InvalidDataException Error(string message) => rows.Error(message);

    public void Dispose() => rows.Dispose();

    private InvalidDataException Unexpected(int column, string expected) =>
        Error($"column '{TextNumbers.Shorten(Header[column])}' holds '{TextNumbers.Shorten(record[column])}'; expected {expected}");
}
