using KeypointMl.Data.Formats.Landmarks;

namespace KeypointMl.Data.Formats.Hdf5;

/// <summary>An attribute of an object: a small value with a name (the specification's IV.A.2.m).</summary>
internal sealed class Hdf5Attribute
{
    private readonly Hdf5Values values;
    private readonly ReadOnlyMemory<byte> data;
    private readonly long count;

    private Hdf5Attribute(Hdf5Values values, long count, ReadOnlyMemory<byte> data)
    {
        this.values = values;
        this.count = count;
        this.data = data;
    }

    /// <summary>As text, or as a number that is written out; null where it is something else, or empty.</summary>
    internal string? Text() => count == 0 ? null : values.Type switch
    {
        { IsText: true } => values.Text(data.Span),
        { Number.IsNumber: true } => values.Number(data.Span).ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <summary>As it is stored.</summary>
    internal byte[] Bytes() => data.ToArray();

    /// <summary>As a number; null where it is something else, or empty.</summary>
    internal double? Number() => count > 0 && values.Type.Number.IsNumber ? values.Number(data.Span) : null;

    internal static Hdf5Attribute? Find(Hdf5File file, Hdf5Header header, string name, string where)
    {
        foreach (Hdf5Message message in header.Messages)
        {
            if (message.Type == Hdf5Message.Attribute && Read(file, message, name, where) is { } attribute)
                return attribute;
        }
        return header.Find(Hdf5Message.AttributeInfo) is Hdf5Message info ? FindDense(file, info.Open(), name, where) : null;
    }

    private static Hdf5Attribute? FindDense(Hdf5File file, Hdf5Cursor info, string name, string where)
    {
        info.Version("the attributes' information", 0, 0);
        info.Skip((info.Byte() & 1) != 0 ? 2 : 0);
        (ulong heap, ulong tree) = (info.UInt64(), info.UInt64());
        if (heap == Hdf5File.Undefined)
            return null;
        var content = new Hdf5FractalHeap(file, heap);
        foreach (Hdf5Cursor record in Hdf5BTree2.Read(file, tree))
        {
            if (Read(file, new Hdf5Message(Hdf5Message.Attribute, 0, content.Open(record)), name, where) is { } attribute)
                return attribute;
        }
        return null;
    }

    private static Hdf5Attribute? Read(Hdf5File file, Hdf5Message message, string wanted, string where)
    {
        if (message.IsShared)
            throw message.Open().Error("an attribute that several objects share, which is not read; rewrite the file with h5repack");
        Hdf5Cursor cursor = message.Open();
        byte version = cursor.Version("an attribute", 1, 3);
        byte flags = cursor.Byte();
        (int nameBytes, int typeBytes, int spaceBytes) = (cursor.UInt16(), cursor.UInt16(), cursor.UInt16());
        cursor.Skip(version == 3 ? 1 : 0);
        string name = cursor.Text(nameBytes);
        if (name != wanted)
            return null;
        Pad(nameBytes);
        Hdf5Cursor typePart = cursor.Part(typeBytes);
        Pad(typeBytes);
        var type = Hdf5Type.Read(version > 1 && (flags & 1) != 0 ? Hdf5Header.OpenShared(file, typePart, Hdf5Message.Datatype) : typePart);
        var space = Hdf5Space.Read(cursor.Part(spaceBytes));
        Pad(spaceBytes);
        long count = space.Count();
        if (count > cursor.Left / Math.Max(type.Size, 1))
        {
            throw cursor.Error($"attribute '{TextNumbers.Shorten(name)}' claims {count:N0} elements, {type}, but "
                + $"{cursor.Left:N0} bytes follow");
        }
        return new Hdf5Attribute(new Hdf5Values(file, type, where), count, cursor.Bytes((int)(count * type.Size)).ToArray());

        void Pad(int length) => cursor.Skip(version == 1 ? (8 - length % 8) % 8 : 0);
    }
}
