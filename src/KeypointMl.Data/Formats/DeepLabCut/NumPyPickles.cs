using KeypointMl.Data.Formats.Landmarks;
using KeypointMl.Data.Formats.Pickles;

namespace KeypointMl.Data.Formats.DeepLabCut;

/// <summary>
/// Pickles of what pandas has in its tables: texts, numbers, and NumPy's arrays, scalars and types, which become
/// <see cref="NumPyCall"/>s.
/// </summary>
internal sealed class NumPyPickles : PickleDialect
{
    /// <summary>What makes an array.</summary>
    public const string Reconstruct = "_reconstruct";

    /// <summary>What makes a scalar.</summary>
    public const string Scalar = "scalar";

    private static readonly HashSet<PickleGlobal> Names =
    [
        new("numpy", "ndarray"), new("numpy", "dtype"), new("_codecs", "encode"),
        new("numpy.core.multiarray", Reconstruct), new("numpy.core.multiarray", Scalar),
        new("numpy._core.multiarray", Reconstruct), new("numpy._core.multiarray", Scalar),
    ];

    /// <summary>The only one: it has no state.</summary>
    public static NumPyPickles Instance { get; } = new();

    /// <inheritdoc/>
    public override PickleGlobal Check(PickleGlobal global) => Names.Contains(global)
        ? global
        : throw new InvalidDataException($"'{TextNumbers.Shorten($"{global}")}' would be called, which is not executed");

    /// <inheritdoc/>
    public override object Call(PickleGlobal callable, object?[] arguments) => new NumPyCall(callable.Name, arguments);

    /// <inheritdoc/>
    public override void SetState(object? target, object? state) =>
        (target as NumPyCall ?? throw new InvalidDataException("a state is given to what has none")).State = state;
}

/// <summary>What would be called, with what, and the state that the result would be given.</summary>
/// <param name="name">The function's, without its module's.</param>
/// <param name="arguments">What it would be given.</param>
internal sealed class NumPyCall(string name, object?[] arguments)
{
    public string Name => name;

    public object?[] Arguments => arguments;

    public object? State { get; set; }
}
