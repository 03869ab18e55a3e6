using KeypointMl.Data.Csv;
using KeypointMl.Scoring.ParquetFiles;
using Parquet.Schema;

namespace KeypointMl.Scoring.Inputs;

/// <summary>
/// Reads the paths of a list (<c>.txt</c>: one a line, empty lines are skipped) or of a column of a table (<c>.csv</c>
/// with a header line, <c>.parquet</c>), one after the other.
/// </summary>
internal static class PathTable
{
    private const string List = ".txt";
    private const string Csv = ".csv";
    private const string Parquet = ".parquet";

    /// <summary>The extensions of lists and tables.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [List, Csv, Parquet];

    /// <summary>Whether a file is a list or table, by its extension.</summary>
    public static bool IsTable(string path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>The paths as they stand there.</summary>
    /// <exception cref="InvalidDataException">The column is missing or no text, a value is empty, or the file is
    /// damaged or beyond the limits (<see cref="CsvLimits"/>, <see cref="ParquetLimits.Paths"/>); the message
    /// names the file and, but for Parquet, the line.</exception>
    public static IEnumerable<string> Read(string table, string column) => Path.GetExtension(table).ToLowerInvariant() switch
    {
        Csv => ReadCsv(table, column),
        Parquet => ReadParquet(table, column),
        _ => ReadList(table),
    };

    private static IEnumerable<string> ReadList(string path)
    {
        using var text = new RowLimitedReader(new StreamReader(path));
        int number = 0;
        while (NextLine() is { } line)
        {
            if (line.Trim() is { Length: > 0 } name)
                yield return name;
        }

        string? NextLine()
        {
            text.BeginRow();
            number++;
            try
            {
                return text.ReadLine();
            }
            catch (RowTooLongException error)
            {
                throw new InvalidDataException(
                    $"{path}:{number}: the line has more than {CsvLimits.Row:N0} characters; expected a path. "
                    + "Is this another kind of file?", error);
            }
        }
    }

    private static IEnumerable<string> ReadCsv(string path, string column)
    {
        using var table = new CsvTable(path);
        int index = table.Column(column);
        while (table.Read())
        {
            yield return table.Text(index) is { Length: > 0 } name
                ? name
                : throw table.Error($"column '{column}' is empty; expected a path");
        }
    }

    private static IEnumerable<string> ReadParquet(string path, string column)
    {
        CheckedParquet file = CheckedParquet.OpenAsync(path, ParquetLimits.Paths, CancellationToken.None).GetAwaiter().GetResult();
        try
        {
            DataField field = file.Fields.FirstOrDefault(field => field.Name == column)
                ?? throw new InvalidDataException($"{path}: there is no column '{column}'; the columns are "
                    + $"{string.Join(", ", file.Fields.Take(20).Select(field => field.Name))}. Name the one with the paths with 'column'.");
            if (field.ClrType != typeof(string) && field.ClrType != typeof(ReadOnlyMemory<char>))
                throw new InvalidDataException($"{path}: column '{column}' holds {field.ClrType.Name}; expected text.");
            for (int group = 0; group < file.RowGroups; group++)
            {
                foreach (string? name in file.ReadTextsAsync(group, field, CancellationToken.None).GetAwaiter().GetResult())
                {
                    yield return name is { Length: > 0 }
                        ? name
                        : throw new InvalidDataException($"{path}: column '{column}' has an empty value; expected a path.");
                }
            }
        }
        finally
        {
            file.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }
}
