namespace KeypointMl.Data;

/// <summary>Limits for MATLAB files that may come from anywhere.</summary>
public sealed record MatFileOptions
{
    /// <summary>The defaults.</summary>
    public static MatFileOptions Default { get; } = new();

    /// <summary>
    /// The most bytes that one variable may have after decompression: 1 GiB by default. A small file that claims more
    /// is refused before memory is taken for it.
    /// </summary>
    public long MaxVariableBytes { get; init; } = 1L << 30;

    /// <summary>
    /// The most bytes that all variables that are read may have together, with what the items of cells and structs
    /// take: 2 GiB by default.
    /// </summary>
    public long MaxFileBytes { get; init; } = 2L << 30;

    /// <summary>How deep cells and structs may be nested: 32 by default.</summary>
    public int MaxDepth { get; init; } = 32;
}
