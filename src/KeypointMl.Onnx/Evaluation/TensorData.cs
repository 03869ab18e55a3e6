using System.Runtime.InteropServices;
using Google.Protobuf;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx.Evaluation;

/// <summary>
/// Reads and makes stored tensors without copying their bytes where that can be avoided: a weight is held once by the
/// file's buffer, and once more only by a pass that writes a new one.
/// </summary>
internal static class TensorData
{
    /// <summary>How many elements a tensor has.</summary>
    public static long Count(TensorProto tensor) => tensor.Dims.Aggregate(1L, (product, size) => product * size);

    /// <summary>
    /// The elements of a tensor as little-endian bytes: its own where it keeps them so, else those of its typed list.
    /// Null for text and for types of no fixed size.
    /// </summary>
    public static ReadOnlyMemory<byte>? Bytes(TensorProto tensor)
    {
        if (((OnnxElementType)tensor.DataType).SizeInBytes() == 0)
            return null;
        if (tensor.RawData.Length > 0 || Count(tensor) == 0)
            return tensor.RawData.Memory;
        return (OnnxElementType)tensor.DataType switch
        {
            OnnxElementType.Float or OnnxElementType.Complex64 => AsBytes<float>([.. tensor.FloatData]),
            OnnxElementType.Double or OnnxElementType.Complex128 => AsBytes<double>([.. tensor.DoubleData]),
            OnnxElementType.Int64 => AsBytes<long>([.. tensor.Int64Data]),
            OnnxElementType.UInt64 => AsBytes<ulong>([.. tensor.Uint64Data]),
            OnnxElementType.UInt32 => AsBytes<uint>([.. tensor.Uint64Data.Select(value => (uint)value)]),
            OnnxElementType.Int32 => AsBytes<int>([.. tensor.Int32Data]),
            // The narrow types, float16 among them as its bits, are kept one to an int32.
            OnnxElementType.UInt8 or OnnxElementType.Int8 or OnnxElementType.Bool =>
                tensor.Int32Data.Select(value => (byte)value).ToArray(),
            _ => AsBytes<ushort>([.. tensor.Int32Data.Select(value => (ushort)value)]),
        };
    }

    /// <summary>The elements of a tensor of 32-bit floats.</summary>
    public static ReadOnlySpan<float> Floats(TensorProto tensor) => Elements<float>(tensor, OnnxElementType.Float);

    /// <summary>The elements of a tensor of 64-bit integers.</summary>
    public static ReadOnlySpan<long> Longs(TensorProto tensor) => Elements<long>(tensor, OnnxElementType.Int64);

    /// <summary>A tensor over a buffer that the caller made for it and no longer changes.</summary>
    public static TensorProto Wrap(string name, OnnxElementType type, ReadOnlyMemory<byte> bytes, IEnumerable<long> dims)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)type, RawData = UnsafeByteOperations.UnsafeWrap(bytes) };
        tensor.Dims.AddRange(dims);
        return tensor;
    }

    /// <summary>A tensor of a few elements.</summary>
    public static TensorProto Create<T>(string name, ReadOnlySpan<T> data, params IEnumerable<long> dims)
        where T : unmanaged => Wrap(name, OnnxElementTypes.Of<T>(), MemoryMarshal.AsBytes(data).ToArray(), dims);

    private static ReadOnlySpan<T> Elements<T>(TensorProto tensor, OnnxElementType type)
        where T : unmanaged =>
        tensor.DataType == (int)type
            ? MemoryMarshal.Cast<byte, T>(Bytes(tensor)!.Value.Span)
            : throw new ArgumentException(
                $"Tensor '{tensor.Name}' is of type {(OnnxElementType)tensor.DataType}; expected {type}.", nameof(tensor));

    private static byte[] AsBytes<T>(T[] data)
        where T : unmanaged => MemoryMarshal.AsBytes<T>(data).ToArray();
}
