namespace KeypointMl.Rows;

/// <summary>Names the row that an exception is about.</summary>
internal static class RowFault
{
    public static InvalidDataException Explain(Exception e, long position) => new($"Row {position} (counted from 0): {e.Message}", e);

    public static InvalidDataException Explain(Exception e, long position, string column) =>
        new($"Row {position} (counted from 0), column '{column}': {e.Message}", e);
}
