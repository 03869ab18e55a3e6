using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace KeypointMl.Data;

/// <summary>A CSV file with a header line, read row by row; every complaint names file and line.</summary>
internal sealed class CsvTable : IDisposable
{
    private readonly CsvParser parser;
    private readonly Dictionary<string, int> columns = new(StringComparer.Ordinal);
    private string[] record = [];

    internal CsvTable(string path)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no file {path}.", path);
        RegularFile.Require(path, "table");
        Path = path;
        parser = new CsvParser(new StreamReader(path), new CsvConfiguration(CultureInfo.InvariantCulture) { TrimOptions = TrimOptions.Trim });
        if (!Advance())
            throw new InvalidDataException($"{path} is empty; expected a CSV file whose first line names the columns.");
        Header = record;
        for (int i = 0; i < Header.Length; i++)
        {
            if (!columns.TryAdd(Header[i], i))
                throw Error($"column '{Header[i]}' stands twice in the header");
        }
    }

    internal string Path { get; }

    internal string[] Header { get; }

    internal int Line => parser.RawRow;

    internal int? FindColumn(string name) => columns.TryGetValue(name, out int index) ? index : null;

    internal int Column(string name) => FindColumn(name) ?? throw Error($"there is no column '{name}'; the columns are {string.Join(", ", Header.Take(20))}{(Header.Length > 20 ? ", …" : "")}");

    /// <summary>Goes to the next row.</summary>
    internal bool Read()
    {
        if (!Advance())
            return false;
        return record.Length == Header.Length
            ? true
            : throw Error($"the row has {record.Length} values; the header has {Header.Length} columns");
    }

    internal string Text(int column) => record[column];

    internal float Number(int column)
    {
        string text = record[column];
        return float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value)
            ? value
            : throw Error($"column '{Header[column]}' holds '{text}'; expected a number");
    }

    internal float FiniteNumber(int column)
    {
        float value = Number(column);
        return float.IsFinite(value) ? value : throw Error($"column '{Header[column]}' holds '{record[column]}'; expected a finite number");
    }

    /// <summary>A number, or NaN where the value is empty.</summary>
    internal float OptionalNumber(int column) => record[column].Length == 0 ? float.NaN : Number(column);

    internal long WholeNumber(int column) =>
        long.TryParse(record[column], NumberStyles.None, CultureInfo.InvariantCulture, out long value)
            ? value
            : throw Error($"column '{Header[column]}' holds '{record[column]}'; expected a whole number, 0 or greater");

    internal InvalidDataException Error(string message) => new($"{Path}:{Line}: {message}.");

    public void Dispose() => parser.Dispose();

    private bool Advance()
    {
        try
        {
            // The record is taken apart here: a stray quote shows only then.
            bool there = parser.Read();
            record = there ? parser.Record! : [];
            return there;
        }
        catch (CsvHelperException error)
        {
            throw new InvalidDataException($"{Path}:{parser.RawRow}: not well-formed CSV ({error.Message.Split('\n')[0].Trim()}).", error);
        }
    }
}
