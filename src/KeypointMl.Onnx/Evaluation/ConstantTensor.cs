using System.Runtime.InteropServices;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Protobuf;
using AttributeType = KeypointMl.Onnx.Protobuf.AttributeProto.Types.AttributeType;

namespace KeypointMl.Onnx.Evaluation;

/// <summary>A tensor whose elements are known, of a type of fixed size.</summary>
/// <param name="Type">The element type.</param>
/// <param name="Dims">The shape; empty for a scalar.</param>
/// <param name="Bytes">The elements in row-major order, little-endian; never changed.</param>
internal sealed record ConstantTensor(OnnxElementType Type, long[] Dims, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>How many elements there are.</summary>
    public int Count => Bytes.Length / Type.SizeInBytes();

    /// <summary>The value of a Constant node; null for texts, sparse tensors, and a node without one value.</summary>
    public static ConstantTensor? Of(NodeProto constant) => constant.Attribute is [var attribute]
        ? attribute.Type switch
        {
            AttributeType.Tensor => From(attribute.T),
            AttributeType.Float => Of<float>([attribute.F]),
            AttributeType.Floats => Of<float>([.. attribute.Floats], attribute.Floats.Count),
            AttributeType.Int => Of<long>([attribute.I]),
            AttributeType.Ints => Of<long>([.. attribute.Ints], attribute.Ints.Count),
            _ => null,
        }
        : null;

    /// <summary>The tensor that a file stores; null for types of no fixed size.</summary>
    public static ConstantTensor? From(TensorProto tensor) =>
        TensorData.Bytes(tensor) is { } bytes && bytes.Length == TensorData.Count(tensor) * ((OnnxElementType)tensor.DataType).SizeInBytes()
            ? new ConstantTensor((OnnxElementType)tensor.DataType, [.. tensor.Dims], bytes)
            : null;

    /// <summary>A tensor of given elements.</summary>
    public static ConstantTensor Of<T>(ReadOnlySpan<T> data, params long[] dims)
        where T : unmanaged => new(OnnxElementTypes.Of<T>(), dims, MemoryMarshal.AsBytes(data).ToArray());

    /// <summary>How many elements a shape has; null if it is no shape or has more than an array can hold.</summary>
    public static int? CountOf(ReadOnlySpan<long> dims)
    {
        long count = 1;
        foreach (long size in dims)
        {
            if (size < 0 || (size > 0 && count > Array.MaxLength / size))
                return null;
            count *= size;
        }
        return (int)count;
    }

    /// <summary>The elements as what they are.</summary>
    public ReadOnlySpan<T> As<T>()
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(Bytes.Span);

    /// <summary>The elements of a tensor of whole numbers of up to 64 bits, or of truth values as 0 and 1; null for other types.</summary>
    public long[]? ToLongs() => Type switch
    {
        OnnxElementType.Int64 => As<long>().ToArray(),
        OnnxElementType.Int32 => Widen<int, long>(value => value),
        OnnxElementType.UInt32 => Widen<uint, long>(value => value),
        OnnxElementType.Int16 => Widen<short, long>(value => value),
        OnnxElementType.UInt16 => Widen<ushort, long>(value => value),
        OnnxElementType.Int8 => Widen<sbyte, long>(value => value),
        OnnxElementType.UInt8 => Widen<byte, long>(value => value),
        OnnxElementType.Bool => Widen<byte, long>(value => value == 0 ? 0 : 1),
        _ => null,
    };

    /// <summary>The elements of a tensor of 16-, 32- or 64-bit floats, none of them rounded; null for other types.</summary>
    public double[]? ToDoubles() => Type switch
    {
        OnnxElementType.Float => Widen<float, double>(value => value),
        OnnxElementType.Double => As<double>().ToArray(),
        OnnxElementType.Float16 => Widen<Half, double>(value => (double)value),
        _ => null,
    };

    private TTo[] Widen<TFrom, TTo>(Func<TFrom, TTo> convert)
        where TFrom : unmanaged
    {
        ReadOnlySpan<TFrom> source = As<TFrom>();
        var result = new TTo[source.Length];
        for (int index = 0; index < result.Length; index++)
            result[index] = convert(source[index]);
        return result;
    }
}
