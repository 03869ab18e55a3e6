using System.Runtime.InteropServices;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Shapes;

namespace KeypointMl.Onnx.Evaluation;

/// <summary>
/// <c>Cast</c> (https://onnx.ai/onnx/operators/onnx__Cast.html) between floats, integers and truth values: floats are
/// rounded to the nearest, or cut towards zero on the way to an integer; integers keep their low bits. A float outside
/// of the integer type has no defined result, and gives none here.
/// </summary>
internal static class Casting
{
    /// <summary>Casts an input to the type that the node's attribute <c>to</c> names.</summary>
    public static ConstantTensor? Cast(NodeEvaluation evaluation)
    {
        var to = (OnnxElementType)NodeAttributes.Int(evaluation.Node, "to", 0);
        if (evaluation.Input(0) is not { } x)
            return null;
        if (x.Type == to)
            return x;
        if (to.SizeInBytes() == 0 || evaluation.Allocate(to, x.Dims) is not { } bytes)
            return null;
        bool done = x.ToDoubles() is { } reals
            ? FromReals(reals, to, bytes)
            : x.ToLongs() is { } integers && FromIntegers(integers, to, bytes);
        return done ? new ConstantTensor(to, x.Dims, bytes) : null;
    }

    private static bool FromReals(double[] values, OnnxElementType to, byte[] bytes) => to switch
    {
        OnnxElementType.Float => Fill(values, bytes, value => (float)value),
        OnnxElementType.Double => Fill(values, bytes, value => value),
        OnnxElementType.Float16 => Fill(values, bytes, value => (Half)value),
        OnnxElementType.Bool => Fill(values, bytes, value => value != 0),
        // 2^63 is the first that is too large; it is a double, and the largest integer is not.
        _ => values.All(value => value is > -9.3e18 and < 9223372036854775808.0 && Fits(Math.Truncate(value), to))
            && FromIntegers([.. values.Select(value => (long)value)], to, bytes),
    };

    private static bool FromIntegers(long[] values, OnnxElementType to, byte[] bytes) => to switch
    {
        OnnxElementType.Float => Fill(values, bytes, value => (float)value),
        OnnxElementType.Double => Fill(values, bytes, value => (double)value),
        OnnxElementType.Float16 => Fill(values, bytes, value => (Half)(float)value),
        OnnxElementType.Bool => Fill(values, bytes, value => value != 0),
        OnnxElementType.Int64 => Fill(values, bytes, value => value),
        OnnxElementType.Int32 => Fill(values, bytes, value => unchecked((int)value)),
        OnnxElementType.UInt32 => Fill(values, bytes, value => unchecked((uint)value)),
        OnnxElementType.Int16 => Fill(values, bytes, value => unchecked((short)value)),
        OnnxElementType.UInt16 => Fill(values, bytes, value => unchecked((ushort)value)),
        OnnxElementType.Int8 => Fill(values, bytes, value => unchecked((sbyte)value)),
        OnnxElementType.UInt8 => Fill(values, bytes, value => unchecked((byte)value)),
        _ => false,
    };

    private static bool Fits(double value, OnnxElementType to) => to switch
    {
        OnnxElementType.Int64 => value >= long.MinValue,
        OnnxElementType.Int32 => value is >= int.MinValue and <= int.MaxValue,
        OnnxElementType.UInt32 => value is >= uint.MinValue and <= uint.MaxValue,
        OnnxElementType.Int16 => value is >= short.MinValue and <= short.MaxValue,
        OnnxElementType.UInt16 => value is >= ushort.MinValue and <= ushort.MaxValue,
        OnnxElementType.Int8 => value is >= sbyte.MinValue and <= sbyte.MaxValue,
        OnnxElementType.UInt8 => value is >= byte.MinValue and <= byte.MaxValue,
        _ => false,
    };

    private static bool Fill<TFrom, TTo>(TFrom[] values, byte[] bytes, Func<TFrom, TTo> convert)
        where TTo : unmanaged
    {
        Span<TTo> result = MemoryMarshal.Cast<byte, TTo>(bytes.AsSpan());
        for (int index = 0; index < values.Length; index++)
            result[index] = convert(values[index]);
        return true;
    }
}
