namespace KeypointMl.Scoring;

/// <summary>How much of a Parquet file is taken into memory at a time.</summary>
/// <param name="Rows">Rows of a row group.</param>
/// <param name="ColumnBytes">Bytes of a column of a row group when decompressed.</param>
/// <param name="Columns">Columns.</param>
internal sealed record ParquetLimits(int Rows, long ColumnBytes, int Columns)
{
    /// <summary>Bytes of the metadata at the end of a file.</summary>
    public const int Footer = 64 << 20;

    /// <summary>Bytes of the metadata of a page, which may hold its smallest and largest value.</summary>
    public const int PageHeader = 1 << 20;

    /// <summary>Groups of columns inside each other.</summary>
    public const int SchemaDepth = 16;

    /// <summary>For a list of paths, written by any tool: 8 million rows and 512 MiB in a row group.</summary>
    public static ParquetLimits Paths { get; } = new(8 << 20, 512 << 20, 20_000);

    /// <summary>For predictions, which are written with 5,000 rows in a row group: 131,072 rows, what other tools make of them at most.</summary>
    public static ParquetLimits Predictions { get; } = new(1 << 17, 64 << 20, 20_000);
}
