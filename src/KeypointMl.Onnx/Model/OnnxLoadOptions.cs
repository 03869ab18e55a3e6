namespace KeypointMl.Onnx;

/// <summary>Limits that a model must keep to be loaded: a file is data from somewhere else until it has been checked.</summary>
public sealed record OnnxLoadOptions
{
    /// <summary>The limits used where none are given.</summary>
    public static OnnxLoadOptions Default { get; } = new();

    /// <summary>The largest file or buffer, in bytes. Default: 1 GiB; the ONNX format itself ends at 2 GiB.</summary>
    public long MaxBytes { get; init; } = 1L << 30;

    /// <summary>The largest number of nodes. Default: 100 000.</summary>
    public int MaxNodes { get; init; } = 100_000;

    /// <summary>How deep messages may nest (a graph inside a node's attribute nests once more). Default: 64.</summary>
    public int MaxDepth { get; init; } = 64;

    /// <summary>The oldest accepted version of the standard operators. Default: 7, the oldest that ONNX Runtime promises to run.</summary>
    public int MinOpset { get; init; } = 7;

    /// <summary>The newest accepted version of the standard operators. Default: 25.</summary>
    public int MaxOpset { get; init; } = 25;
}
