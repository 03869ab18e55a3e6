using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tracing.Guessing;

/// <summary>
/// A tensor's numbers in managed memory. Guesses compute with these alone: libtorch ends the process where TorchSharp
/// does not catch its exceptions, and a guess is wrong nearly always.
/// </summary>
internal sealed class KnownTensor
{
    private readonly Lazy<double[]> others;
    private readonly Lazy<double> scale;

    private KnownTensor(string what, long[] shape, ScalarType type, double[] values, Func<double[]> others)
    {
        What = what;
        Shape = shape;
        Type = type;
        Values = values;
        this.others = new Lazy<double[]>(others);
        scale = new Lazy<double>(() => values.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max());
    }

    /// <summary>What the tensor is, for a reader.</summary>
    public string What { get; }

    /// <summary>What must be used to make it, where it is not there as it is.</summary>
    public string? Use { get; private init; }

    /// <summary>Its shape.</summary>
    public long[] Shape { get; }

    /// <summary>Its element type.</summary>
    public ScalarType Type { get; }

    /// <summary>Its elements in row-major order.</summary>
    public double[] Values { get; }

    /// <summary>The largest finite magnitude.</summary>
    public double Scale => scale.Value;

    /// <summary>Whether its elements are floating-point numbers.</summary>
    public bool IsFloatingPoint => Type is ScalarType.Float32 or ScalarType.Float64;

    /// <summary>
    /// Other numbers of both signs in its place, the same for equal contents: two operations that agree on these too
    /// are the same one.
    /// </summary>
    public double[] Others => others.Value;

    /// <summary>Reads a dense tensor.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="what">What it is, for a reader.</param>
    /// <returns>Null for element types whose rounding would hide differences (16-bit floats) or that have no order
    /// (complex numbers).</returns>
    public static KnownTensor? Read(Tensor tensor, string what)
    {
        using IDisposable scope = NewDisposeScope();
        Tensor plain = tensor.detach().cpu().contiguous();
        ReadOnlySpan<byte> bytes = plain.numel() == 0 ? [] : plain.bytes;
        double[]? values = plain.dtype switch
        {
            ScalarType.Float32 => Widened<float>(bytes, value => value),
            ScalarType.Float64 => Widened<double>(bytes, value => value),
            ScalarType.Int64 => Widened<long>(bytes, value => value),
            ScalarType.Int32 => Widened<int>(bytes, value => value),
            ScalarType.Int16 => Widened<short>(bytes, value => value),
            ScalarType.Int8 => Widened<sbyte>(bytes, value => value),
            ScalarType.Byte or ScalarType.Bool => Widened<byte>(bytes, value => value),
            _ => null,
        };
        if (values is null)
            return null;
        bool whole = plain.dtype is not (ScalarType.Float32 or ScalarType.Float64);
        return new KnownTensor(what, plain.shape, plain.dtype, values, () => OthersOf(values, whole));
    }

    /// <summary>The tensor that a function of every element makes of this one.</summary>
    /// <param name="operation">The operation for a reader.</param>
    /// <param name="use">What replaces it.</param>
    /// <param name="function">The function.</param>
    public KnownTensor Through(string operation, string use, Func<double, double> function) =>
        new($"{operation} of {What}", Shape, Type, [.. Values.Select(function)], () => [.. Others.Select(function)]) { Use = use };

    private static double[] Widened<T>(ReadOnlySpan<byte> bytes, Func<T, double> convert)
        where T : unmanaged
    {
        ReadOnlySpan<T> elements = MemoryMarshal.Cast<byte, T>(bytes);
        double[] values = new double[elements.Length];
        for (int index = 0; index < values.Length; index++)
            values[index] = convert(elements[index]);
        return values;
    }

    private static double[] OthersOf(double[] values, bool whole)
    {
        ulong seed = System.IO.Hashing.XxHash3.HashToUInt64(MemoryMarshal.AsBytes(values.AsSpan()));
        double[] others = new double[values.Length];
        for (int index = 0; index < others.Length; index++)
        {
            // SplitMix64.
            seed += 0x9E3779B97F4A7C15;
            ulong bits = (seed ^ (seed >> 30)) * 0xBF58476D1CE4E5B9;
            bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
            double number = (((bits ^ (bits >> 31)) >> 11) * (4.0 / (1L << 53))) - 2;
            others[index] = whole ? Math.Round(number * 100) : number;
        }
        return others;
    }
}
