namespace KeypointMl.Imaging.Files;

/// <summary>Text in a cell of a CSV file (RFC 4180).</summary>
internal static class CsvText
{
    /// <summary>Whether a text would be taken for more than one cell, or for a quoted one.</summary>
    internal static bool NeedsQuotes(ReadOnlySpan<char> text) => text.IndexOfAny(",\"\n\r") >= 0;

    /// <summary>The text as a cell: in quotes where it needs them, and where readers would take white space off its ends.</summary>
    internal static string Quote(string text) => NeedsQuotes(text) || text.AsSpan().Trim().Length < text.Length ? Quoted(text) : text;

    /// <summary>The text as a cell in quotes.</summary>
    internal static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
