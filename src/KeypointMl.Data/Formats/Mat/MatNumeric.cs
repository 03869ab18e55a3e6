using System.Runtime.InteropServices;

namespace KeypointMl.Data.Formats.Mat;

/// <summary>An array of numbers in a MATLAB file, converted when asked for. The imaginary part of complex numbers is not kept.</summary>
public sealed class MatNumeric : MatValue
{
    private readonly ReadOnlyMemory<byte> data;

    /// <summary>Wraps stored numbers, little-endian, column by column.</summary>
    internal MatNumeric(string where, int[] dimensions, MatNumberType type, ReadOnlyMemory<byte> data)
        : base(where, dimensions)
    {
        Type = type;
        this.data = data;
    }

    /// <summary>How the numbers are stored, which may be smaller than the array's class: MATLAB stores whole doubles as integers.</summary>
    public MatNumberType Type { get; }

    private protected override string Kind => Type.ToString().ToLowerInvariant();

    /// <summary>The only number of a 1×1 array.</summary>
    /// <exception cref="InvalidDataException">It has another size.</exception>
    public double Scalar() => Count == 1 ? ToDoubles()[0] : throw Error("expected one number");

    /// <summary>Checks the size of a matrix.</summary>
    /// <param name="rows">Its number of rows, or null for any.</param>
    /// <param name="columns">Its number of columns, or null for any.</param>
    /// <returns>The same numbers.</returns>
    /// <exception cref="InvalidDataException">It has another size.</exception>
    public MatNumeric RequireMatrix(int? rows, int? columns) =>
        Dimensions.Count == 2 && (rows ?? Dimensions[0]) == Dimensions[0] && (columns ?? Dimensions[1]) == Dimensions[1]
            ? this
            : throw Error($"expected {rows?.ToString() ?? "N"}×{columns?.ToString() ?? "N"} numbers");

    /// <summary>All numbers, column by column.</summary>
    public double[] ToDoubles() => Type switch
    {
        MatNumberType.Int8 => Convert<sbyte, double>(value => value),
        MatNumberType.UInt8 => Convert<byte, double>(value => value),
        MatNumberType.Int16 => Convert<short, double>(value => value),
        MatNumberType.UInt16 => Convert<ushort, double>(value => value),
        MatNumberType.Int32 => Convert<int, double>(value => value),
        MatNumberType.UInt32 => Convert<uint, double>(value => value),
        MatNumberType.Int64 => Convert<long, double>(value => value),
        MatNumberType.UInt64 => Convert<ulong, double>(value => value),
        MatNumberType.Single => Convert<float, double>(value => value),
        _ => MemoryMarshal.Cast<byte, double>(data.Span).ToArray(),
    };

    /// <summary>All numbers in single precision, column by column.</summary>
    public float[] ToSingles() => Type switch
    {
        MatNumberType.Single => MemoryMarshal.Cast<byte, float>(data.Span).ToArray(),
        MatNumberType.Double => Convert<double, float>(value => (float)value),
        _ => Array.ConvertAll(ToDoubles(), value => (float)value),
    };

    private TTo[] Convert<TFrom, TTo>(Func<TFrom, TTo> convert)
        where TFrom : unmanaged
    {
        ReadOnlySpan<TFrom> from = MemoryMarshal.Cast<byte, TFrom>(data.Span);
        var to = new TTo[from.Length];
        for (int i = 0; i < to.Length; i++)
            to[i] = convert(from[i]);
        return to;
    }
}
