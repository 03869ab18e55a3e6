using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Google.Protobuf;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx.Building;

/// <summary>The tensors that a graph stores: each of the size that its shape says, equal constants once.</summary>
/// <param name="graph">Where they are stored.</param>
/// <param name="names">The names of the graph's values.</param>
internal sealed class StoredConstants(GraphProto graph, TakenNames names)
{
    private readonly Dictionary<Key, string> known = [];

    /// <summary>Stores a copy of a tensor.</summary>
    /// <exception cref="ArgumentException">The shape does not hold as many elements.</exception>
    public string Add(string name, OnnxElementType type, ReadOnlySpan<byte> data, ReadOnlySpan<long> dimensions)
    {
        CheckSize(name, type, data.Length, dimensions);
        return Add(name, type, ByteString.CopyFrom(data), dimensions);
    }

    /// <summary>Stores a tensor that stays where it is.</summary>
    /// <exception cref="ArgumentException">The shape does not hold as many elements, or the memory is an array's.</exception>
    public string AddShared(string name, OnnxElementType type, ReadOnlyMemory<byte> data, ReadOnlySpan<long> dimensions)
    {
        CheckSize(name, type, data.Length, dimensions);
        if (data.Length > 0 && MemoryMarshal.TryGetArray(data, out _))
        {
            throw new ArgumentException(
                $"Initializer '{name}' is in an array; expected memory outside of .NET's arrays. "
                + $"Use {nameof(OnnxGraphBuilder.AddInitializer)}.",
                nameof(data));
        }
        return Add(name, type, UnsafeByteOperations.UnsafeWrap(data), dimensions);
    }

    /// <summary>Stores a copy of a tensor, unless an equal one was stored by this; its name.</summary>
    /// <exception cref="ArgumentException">The shape does not hold as many elements.</exception>
    public string AddOnce(string name, OnnxElementType type, ReadOnlySpan<byte> data, ReadOnlySpan<long> dimensions)
    {
        var key = new Key(type, string.Join(',', dimensions.ToArray()), Convert.ToHexString(SHA256.HashData(data)));
        if (known.TryGetValue(key, out string? stored))
            return stored;
        return known[key] = Add(name, type, data, dimensions);
    }

    private string Add(string name, OnnxElementType type, ByteString data, ReadOnlySpan<long> dimensions)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        string unique = names.TakeLike(name);
        var tensor = new TensorProto { Name = unique, DataType = (int)type, RawData = data };
        tensor.Dims.AddRange(dimensions.ToArray());
        graph.Initializer.Add(tensor);
        return unique;
    }

    private static void CheckSize(string name, OnnxElementType type, int bytes, ReadOnlySpan<long> dimensions)
    {
        long count = 1;
        foreach (long size in dimensions)
            count = checked(count * size);
        if (type.SizeInBytes() == 0 || bytes != count * type.SizeInBytes())
        {
            throw new ArgumentException(
                $"Initializer '{name}' of type {type} and shape [{string.Join(',', dimensions.ToArray())}] needs {count} "
                + $"elements of {type.SizeInBytes()} bytes; {bytes} bytes were given.");
        }
    }

    private readonly record struct Key(OnnxElementType Type, string Shape, string Hash);
}
