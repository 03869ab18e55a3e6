using System.Globalization;

namespace KeypointMl.Onnx.Model;

/// <summary>
/// One dimension of a shape: a fixed size, a named size that the caller chooses at run time (such as the batch
/// <c>N</c>), or unknown.
/// </summary>
public readonly record struct OnnxDimension
{
    private readonly long valuePlusOne;

    /// <summary>A fixed size.</summary>
    /// <param name="value">At least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is negative.</exception>
    public OnnxDimension(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        valuePlusOne = value + 1;
    }

    /// <summary>A named size.</summary>
    /// <param name="symbol">Its name; equal names in one graph mean equal sizes.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public OnnxDimension(string symbol)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(symbol);
        Symbol = symbol;
    }

    /// <summary>A size that nothing is known about.</summary>
    public static OnnxDimension Unknown => default;

    /// <summary>The fixed size, or null.</summary>
    public long? Value => valuePlusOne == 0 ? null : valuePlusOne - 1;

    /// <summary>The name of a named size, or null.</summary>
    public string? Symbol { get; }

    /// <summary>Whether the size is fixed.</summary>
    public bool IsFixed => valuePlusOne != 0;

    /// <summary>A fixed size.</summary>
    /// <param name="value">At least 0.</param>
    public static implicit operator OnnxDimension(long value) => new(value);

    /// <summary>A named size.</summary>
    /// <param name="symbol">Its name.</param>
    public static implicit operator OnnxDimension(string symbol) => new(symbol);

    /// <summary>The size, its name, or <c>?</c>.</summary>
    public override string ToString() => Value?.ToString(CultureInfo.InvariantCulture) ?? Symbol ?? "?";
}
