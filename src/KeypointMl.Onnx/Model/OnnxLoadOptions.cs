namespace KeypointMl.Onnx.Model;

/// <summary>
/// Limits that a model must keep to be loaded: a file is data from somewhere else until it has been checked. They are
/// checked before memory is taken for what they limit.
/// </summary>
public sealed record OnnxLoadOptions
{
    /// <summary>The limits used where none are given.</summary>
    public static OnnxLoadOptions Default { get; } = new();

    /// <summary>The largest file or buffer, in bytes. Default: 1 GiB; the ONNX format itself ends at 2 GiB.</summary>
    public long MaxBytes { get; init; } = 1L << 30;

    /// <summary>
    /// The largest sum of the sizes of all stored tensors (initializers, constants in attributes, and what lies in
    /// other files), in bytes. Default: 1 GiB.
    /// </summary>
    public long MaxInitializerBytes { get; init; } = 1L << 30;

    /// <summary>
    /// How many bytes the model may take in memory beyond eight times its size: a file of empty messages grows
    /// eightyfold when it is read. Default: 128 MiB, which is a graph of some hundred thousand nodes without weights.
    /// </summary>
    public long MaxOverheadBytes { get; init; } = 128L << 20;

    /// <summary>The largest number of nodes, those of nested graphs and of functions included. Default: 100 000.</summary>
    public int MaxNodes { get; init; } = 100_000;

    /// <summary>The largest number of stored tensors, those in attributes included. Default: 100 000.</summary>
    public int MaxTensors { get; init; } = 100_000;

    /// <summary>
    /// How deep messages may nest, at most 100; a graph inside a node's attribute lies 3 deeper than its node. Default:
    /// 64.
    /// </summary>
    public int MaxDepth { get; init; } = 64;

    /// <summary>The longest name of a value, node, operator or domain, in bytes of UTF-8. Default: 4096.</summary>
    public int MaxNameBytes { get; init; } = 4096;

    /// <summary>The longest documentation, metadata or text attribute, in bytes. Default: 16 MiB.</summary>
    public int MaxTextBytes { get; init; } = 16 << 20;

    /// <summary>
    /// The newest accepted version of the file format (IR version). Default: 13. The oldest is 3, the first that says
    /// which operators it uses.
    /// </summary>
    public int MaxIrVersion { get; init; } = 13;

    /// <summary>The oldest accepted version of the standard operators. Default: 7, the oldest that ONNX Runtime promises to run.</summary>
    public int MinOpset { get; init; } = 7;

    /// <summary>The newest accepted version of the standard operators. Default: 25.</summary>
    public int MaxOpset { get; init; } = 25;

    /// <summary>
    /// The only folder from which tensors may be read that a model keeps in other files (external data); null, the
    /// default, refuses such models. The files must lie in it under relative paths without <c>..</c> and symbolic
    /// links. The loaded model holds them in memory.
    /// </summary>
    public string? ExternalDataFolder { get; init; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxInitializerBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxOverheadBytes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxDepth);
        // What protobuf itself refuses to go beyond.
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxDepth, 100);
    }
}
