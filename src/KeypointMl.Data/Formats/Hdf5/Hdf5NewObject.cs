using System.Buffers.Binary;
using System.Text;

namespace KeypointMl.Data.Formats.Hdf5;

/// <summary>A group or data set that is to be written.</summary>
internal abstract class Hdf5NewObject
{
    internal List<Hdf5NewAttribute> Attributes { get; } = [];
}

/// <summary>A group that is to be written.</summary>
internal sealed class Hdf5NewGroup : Hdf5NewObject
{
    /// <summary>Groups and data sets by their names.</summary>
    internal Dictionary<string, Hdf5NewObject> Members { get; } = new(StringComparer.Ordinal);
}

/// <summary>A data set that is to be written.</summary>
/// <param name="type">What its elements are.</param>
/// <param name="dimensions">How many there are, along each dimension.</param>
/// <param name="write">Writes them, the last dimension varying fastest.</param>
internal sealed class Hdf5NewDataset(Hdf5NewType type, IReadOnlyList<long> dimensions, Action<Stream> write) : Hdf5NewObject
{
    internal Hdf5NewType Type => type;

    internal IReadOnlyList<long> Dimensions => dimensions;

    internal long Bytes => dimensions.Aggregate((long)type.Size, (product, length) => checked(product * length));

    internal void Write(Stream stream) => write(stream);

    /// <summary>Whole numbers.</summary>
    internal static Hdf5NewDataset Integers(IEnumerable<long> values, long count) => new(Hdf5NewType.Int64, [count], stream =>
    {
        byte[] bytes = new byte[sizeof(long)];
        foreach (long value in values)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
            stream.Write(bytes);
        }
    });

    /// <summary>Texts as UTF-8 of a fixed length, with zeros after them.</summary>
    /// <param name="values">The texts.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="size">Bytes of the longest.</param>
    internal static Hdf5NewDataset Texts(IEnumerable<string> values, long count, int size)
    {
        int length = Math.Max(size, 1);
        return new Hdf5NewDataset(Hdf5NewType.Text(length, isUnicode: false), [count], stream =>
        {
            byte[] bytes = new byte[length];
            foreach (string value in values)
            {
                Array.Clear(bytes);
                Encoding.UTF8.GetBytes(value, bytes);
                stream.Write(bytes);
            }
        });
    }
}

/// <summary>An attribute of one element that is to be written.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">What its element is.</param>
/// <param name="Value">The element's bytes.</param>
internal sealed record Hdf5NewAttribute(string Name, Hdf5NewType Type, byte[] Value)
{
    internal static Hdf5NewAttribute Of(string name, string value)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        return new Hdf5NewAttribute(name, Hdf5NewType.Text(bytes.Length, isUnicode: true), bytes);
    }

    internal static Hdf5NewAttribute Of(string name, long value)
    {
        byte[] bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return new Hdf5NewAttribute(name, Hdf5NewType.Int64, bytes);
    }

    internal static Hdf5NewAttribute True(string name) => new(name, Hdf5NewType.Flag, [1]);
}

/// <summary>What elements are, as it stands in a file (the specification's IV.A.2.d), little-endian.</summary>
/// <param name="Encoded">The message's content.</param>
/// <param name="Size">Bytes of an element.</param>
internal sealed record Hdf5NewType(byte[] Encoded, int Size)
{
    private const int FirstVersion = 0x10;

    internal static Hdf5NewType Int64 { get; } = new(Encode(Hdf5Class.Integer, [8, 0, 0], 8, [0, 0, 64, 0]), 8);

    internal static Hdf5NewType Float64 { get; } =
        new(Encode(Hdf5Class.Float, [0x20, 63, 0], 8, [0, 0, 64, 0, 52, 11, 0, 52, 0xFF, 3, 0, 0]), 8);

    /// <summary>A byte that is 0 or 1, as PyTables stores what is true or false.</summary>
    internal static Hdf5NewType Flag { get; } = new(Encode(Hdf5Class.Bits, [0, 0, 0], 1, [0, 0, 8, 0]), 1);

    /// <summary>Text of a fixed length that need not be ended by a zero.</summary>
    internal static Hdf5NewType Text(int size, bool isUnicode) =>
        new(Encode(Hdf5Class.Text, [(byte)(isUnicode ? 0x11 : 0x01), 0, 0], size, []), size);

    private static byte[] Encode(Hdf5Class kind, byte[] bits, int size, byte[] properties)
    {
        byte[] length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, size);
        return [(byte)(FirstVersion | (int)kind), .. bits, .. length, .. properties];
    }
}
