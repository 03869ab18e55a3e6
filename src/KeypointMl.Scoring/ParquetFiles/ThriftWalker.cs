using System.Collections.Frozen;

namespace KeypointMl.Scoring.ParquetFiles;

/// <summary>
/// Walks through metadata in Thrift's compact protocol, byte for byte as Parquet.Net will, and refuses what would lead
/// that astray: its reader looks neither for the end of its input nor at the types and sizes that it meets.
/// </summary>
/// <param name="data">The bytes.</param>
/// <param name="visit">Receives the whole numbers of each structure when it ends: a structure's name, and its values by field.</param>
internal ref struct ThriftWalker(ReadOnlySpan<byte> data, Action<string, IReadOnlyDictionary<short, long>>? visit)
{
    private const int MaxDepth = 12;

    private readonly ReadOnlySpan<byte> data = data;

    /// <summary>How many bytes were walked through.</summary>
    public int Position { get; private set; }

    /// <summary>Walks through a structure.</summary>
    /// <exception cref="ThriftException">It is damaged, or ends too early.</exception>
    public void Walk(string structure) => Walk(structure, 0);

    private void Walk(string structure, int depth)
    {
        if (depth > MaxDepth)
            throw new ThriftException("structures are nested too deeply");
        FrozenDictionary<short, ThriftField> fields = ThriftLayout.Of(structure);
        Dictionary<short, long>? numbers = visit is null ? null : [];
        short id = 0;
        while (Byte() is not 0 and byte header)
        {
            var type = (ThriftType)(header & 0x0F);
            id = header >> 4 == 0 ? (short)ZigZag(VarInt(5)) : (short)(id + (header >> 4));
            if (!fields.TryGetValue(id, out ThriftField? field))
                Skip(type);
            else if (field.IsList)
                WalkList(type, field, depth);
            else if (Matches(type, field.Type))
                WalkValue(type, field, depth, numbers);
            else
                throw new ThriftException($"field {id} of {structure} is of type {(int)type}; expected {(int)field.Type}");
        }
        if (numbers is not null)
            visit!(structure, numbers);
    }

    private void WalkList(ThriftType type, ThriftField field, int depth)
    {
        if (type != ThriftType.List)
            throw new ThriftException($"field {field.Id} is of type {(int)type}; expected a list");
        (int count, ThriftType element) = ListHeader();
        if (count > 0 && element != field.Type)
            throw new ThriftException($"a list has elements of type {(int)element}; expected {(int)field.Type}");
        for (int i = 0; i < count; i++)
            WalkValue(element, field, depth, null);
    }

    private void WalkValue(ThriftType type, ThriftField field, int depth, Dictionary<short, long>? numbers)
    {
        switch (type)
        {
            case ThriftType.Struct:
                Walk(field.Structure!, depth + 1);
                break;
            case ThriftType.True or ThriftType.False:
                numbers?[field.Id] = type == ThriftType.True ? 1 : 0;
                break;
            case ThriftType.I16 or ThriftType.I32:
                long narrow = ZigZag(VarInt(5));
                numbers?[field.Id] = (int)narrow;
                break;
            case ThriftType.I64:
                long wide = ZigZag(VarInt(10));
                numbers?[field.Id] = wide;
                break;
            default:
                Skip(type);
                break;
        }
    }

    // Of fields that it does not know, the library passes over exactly these as they are meant.
    private void Skip(ThriftType type)
    {
        switch (type)
        {
            case ThriftType.True or ThriftType.False:
                break;
            case ThriftType.Byte:
                Advance(1);
                break;
            case ThriftType.I16 or ThriftType.I32:
                VarInt(5);
                break;
            case ThriftType.I64:
                VarInt(10);
                break;
            case ThriftType.Double:
                Advance(8);
                break;
            case ThriftType.Binary:
                Advance(Length());
                break;
            case ThriftType.List:
                (int count, ThriftType element) = ListHeader();
                if (element is ThriftType.True or ThriftType.False or ThriftType.List or ThriftType.Struct)
                    throw new ThriftException("it has a list that is not known");
                for (int i = 0; i < count; i++)
                    Skip(element);
                break;
            case ThriftType.Struct when Byte() == 0:
                break;
            default:
                throw new ThriftException($"it has a field of type {(int)type} that is not known; it may be encrypted, or damaged");
        }
    }

    private (int Count, ThriftType Element) ListHeader()
    {
        byte header = Byte();
        int count = header >> 4 == 15 ? Length() : header >> 4;
        // Each element takes a byte at least.
        return count <= data.Length - Position
            ? (count, (ThriftType)(header & 0x0F))
            : throw new ThriftException($"a list says that it has {count} elements; {data.Length - Position} bytes are left");
    }

    private int Length()
    {
        ulong length = VarInt(5);
        return length <= (ulong)(data.Length - Position)
            ? (int)length
            : throw new ThriftException($"a length of {length} is more than the {data.Length - Position} bytes that are left");
    }

    private ulong VarInt(int maxBytes)
    {
        ulong value = 0;
        for (int i = 0; i < maxBytes; i++)
        {
            byte next = Byte();
            value |= (ulong)(next & 0x7F) << (7 * i);
            if (next < 0x80)
                return maxBytes == 5 ? value & uint.MaxValue : value;
        }
        throw new ThriftException("a number is too long");
    }

    private byte Byte()
    {
        Advance(1);
        return data[Position - 1];
    }

    private void Advance(int count)
    {
        if (count > data.Length - Position)
            throw new ThriftException("it ends too early");
        Position += count;
    }

    private static bool Matches(ThriftType found, ThriftType expected) => found == expected
        || (expected == ThriftType.True && found == ThriftType.False);

    private static long ZigZag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);
}

/// <summary>Metadata is not what Parquet's are; the message says how.</summary>
internal sealed class ThriftException(string message) : Exception(message);
