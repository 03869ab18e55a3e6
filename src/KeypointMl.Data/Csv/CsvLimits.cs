namespace KeypointMl.Data;

/// <summary>How much a CSV file may hold in one place: a quote that is never closed would otherwise make one field of the rest of the file.</summary>
internal static class CsvLimits
{
    /// <summary>Characters of a field; a path has some hundreds at most.</summary>
    public const int Field = 1 << 16;

    /// <summary>Characters of a row, or of a line of a list.</summary>
    public const int Row = 1 << 20;
}
