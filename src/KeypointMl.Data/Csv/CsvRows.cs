using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using KeypointMl.Imaging.Files;

namespace KeypointMl.Data.Csv;

/// <summary>
/// The rows of a CSV file as texts, within <see cref="CsvLimits"/>. The separator is the one of the first line: a
/// comma, or a semicolon or tab where there is no comma, as spreadsheets write it where the comma is the decimal sign;
/// numbers may then have one. Every complaint names file and line.
/// </summary>
internal sealed class CsvRows : IDisposable
{
    // Of bytes that are none of it, no name or number may be made. A byte-order mark of another encoding counts first.
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly RowLimitedReader text;
    private readonly CsvParser parser;
    private readonly char separator;
    private int start = 1;

    /// <param name="path">The file.</param>
    /// <param name="trim">Whether spaces around a value are no part of it.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    internal CsvRows(string path, bool trim)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no file {path}.", path);
        RegularFile.Require(path, "table");
        Path = path;
        separator = FindSeparator(path);
        text = new RowLimitedReader(new StreamReader(path, Strict));
        parser = new CsvParser(text, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = separator.ToString(),
            MaxFieldSize = CsvLimits.Field,
            TrimOptions = trim ? TrimOptions.Trim : TrimOptions.None,
            ExceptionMessagesContainRawData = false,
        });
    }

    internal string Path { get; }

    /// <summary>The line that the current row ends in.</summary>
    internal int Line => parser.RawRow;

    /// <summary>The values of the next row; null after the last.</summary>
    /// <exception cref="InvalidDataException">It is not well-formed, or beyond the limits.</exception>
    internal string[]? Next()
    {
        start = parser.RawRow + 1;
        text.BeginRow();
        try
        {
            // The record is taken apart here: a stray quote shows only then.
            return parser.Read() ? parser.Record : null;
        }
        catch (DecoderFallbackException error)
        {
            throw Broken("there are bytes at or behind this row that are not UTF-8. Save the file as UTF-8", error);
        }
        catch (MaxFieldSizeException error)
        {
            throw Broken($"a value of the row that begins here has more than {CsvLimits.Field:N0} characters. "
                + "Is a quote (\") not closed?", error);
        }
        catch (RowTooLongException error)
        {
            throw Broken($"the row that begins here has more than {CsvLimits.Row:N0} characters. "
                + "Is a quote (\") not closed, or is this another kind of file?", error);
        }
        catch (BadDataException error)
        {
            throw Broken("not well-formed CSV: a quote (\") stands inside a value. "
                + "Is one missing, or one too many? Inside quotes a quote is written twice.", error);
        }
        catch (CsvHelperException error)
        {
            throw Broken($"not well-formed CSV ({error.Message.Split('\n')[0].Trim().TrimEnd('.')}).", error);
        }
    }

    /// <summary>The text of a number with a decimal point, where the file may have commas for it.</summary>
    internal string WithPoint(string value) => separator != ',' && value.Contains(',') && !value.Contains('.')
        ? value.Replace(',', '.')
        : value;

    /// <summary>What to say about a text that is no number: more, where it is one with a decimal comma.</summary>
    internal string NumberHint(string value) =>
        value.Contains(',') && double.TryParse(value.Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out _)
        ? " with a decimal point; decimal commas are read where semicolons or tabs separate the values"
        : "";

    internal InvalidDataException Error(string message) => new($"{Path}:{Line}: {message}.");

    /// <summary>A row that has another number of values than the header.</summary>
    internal InvalidDataException WrongCount(int found, int expected) =>
        Error($"the row has {found} values; the header has {expected} columns"
        + (separator == ',' && found > expected
            ? ". Do its numbers have decimal commas? Then separate the values with semicolons, or write decimal points"
            : ""));

    public void Dispose()
    {
        parser.Dispose();
        text.Dispose();
    }

    private InvalidDataException Broken(string message, Exception error) => new($"{Path}:{start}: {message}", error);

    private static char FindSeparator(string path)
    {
        using var reader = new StreamReader(path);
        char[] beginning = new char[CsvLimits.Field];
        ReadOnlySpan<char> line = beginning.AsSpan(0, reader.ReadBlock(beginning));
        int end = line.IndexOfAny('\r', '\n');
        bool quoted = false;
        char found = ',';
        foreach (char letter in end < 0 ? line : line[..end])
        {
            if (letter == '"')
                quoted = !quoted;
            else if (!quoted && letter == ',')
                return ',';
            else if (!quoted && letter is ';' or '\t' && found == ',')
                found = letter;
        }
        return found;
    }
}

/// <summary>
/// How much a CSV file may hold in one place: a quote that is never closed would otherwise make one field of the rest
/// of the file.
/// </summary>
internal static class CsvLimits
{
    /// <summary>Characters of a field; a path has some hundreds at most.</summary>
    public const int Field = 1 << 16;

    /// <summary>Characters of a row, or of a line of a list.</summary>
    public const int Row = 1 << 20;
}
