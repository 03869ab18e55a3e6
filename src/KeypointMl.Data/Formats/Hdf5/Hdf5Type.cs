namespace KeypointMl.Data.Formats.Hdf5;

/// <summary>What the elements of a data set or attribute are (the specification's IV.A.2.d).</summary>
/// <param name="Class">The kind.</param>
/// <param name="Size">Bytes of an element.</param>
internal sealed record Hdf5Type(Hdf5Class Class, int Size)
{
    private const int MaxDepth = 8;
    private const int MaxMembers = 10_000;
    private const int VariableBytes = 16;

    internal bool IsBigEndian { get; private init; }

    internal bool IsSigned { get; private init; }

    /// <summary>Whether it is a number as processors have them, of 1, 2, 4 or 8 bytes.</summary>
    internal bool IsNumber { get; private init; }

    /// <summary>Whether it refers to an object by its address.</summary>
    internal bool IsObjectReference { get; private init; }

    /// <summary>Whether it is text of variable length.</summary>
    internal bool IsVariableText { get; private init; }

    internal bool IsText => Class == Hdf5Class.Text || IsVariableText;

    /// <summary>Of an enumeration, an array or a list of variable length: what it is made of.</summary>
    internal Hdf5Type? Base { get; private init; }

    /// <summary>Of records: the columns.</summary>
    internal IReadOnlyList<Hdf5Member> Members { get; private init; } = [];

    /// <summary>The number that an element is, or holds as an enumeration.</summary>
    internal Hdf5Type Number => Class == Hdf5Class.Enumeration ? Base! : this;

    internal static Hdf5Type Read(Hdf5Cursor cursor, int depth = 0)
    {
        if (depth > MaxDepth)
            throw cursor.Error($"a type nested deeper than {MaxDepth} levels");
        byte head = cursor.Byte();
        (var kind, int version) = ((Hdf5Class)(head & 0xF), head >> 4);
        if (version is < 1 or > 4)
            throw cursor.Error($"a type of version {version}; 1 to 4 are read");
        uint bits = (uint)cursor.Number(3);
        int size = cursor.Length(4);
        if (size == 0 && kind != Hdf5Class.Text)
            throw cursor.Error("elements of 0 bytes");
        var type = new Hdf5Type(kind, size);
        switch (kind)
        {
            case Hdf5Class.Integer or Hdf5Class.Bits:
                (int offset, int precision) = (cursor.UInt16(), cursor.UInt16());
                return type with
                {
                    IsBigEndian = (bits & 1) != 0,
                    IsSigned = kind == Hdf5Class.Integer && (bits & 8) != 0,
                    IsNumber = offset == 0 && precision == 8 * size && size is 1 or 2 or 4 or 8,
                };
            case Hdf5Class.Float:
                return type with
                {
                    IsBigEndian = (bits & 1) != 0,
                    IsNumber = (bits & 0x40) == 0 && IsIeee(cursor, size, (int)(bits >> 8) & 0xFF),
                };
            case Hdf5Class.Opaque:
                cursor.Skip((int)bits & 0xFF);
                cursor.SkipPadding((int)bits & 0xFF);
                return type;
            case Hdf5Class.Record:
                return type with { Members = ReadMembers(cursor, version, (int)bits & 0xFFFF, size, depth) };
            case Hdf5Class.Reference:
                return type with { IsObjectReference = (bits & 0xF) == 0 && size == 8 };
            case Hdf5Class.Enumeration:
                return ReadEnumeration(cursor, type, version, (int)bits & 0xFFFF, depth);
            case Hdf5Class.Variable when size != VariableBytes:
                throw cursor.Error($"elements of variable length that have {size} bytes; they have {VariableBytes}");
            case Hdf5Class.Variable:
                return type with { IsVariableText = (bits & 0xF) == 1, Base = Read(cursor, depth + 1) };
            case Hdf5Class.Array:
                return ReadArray(cursor, type, version, depth);
            case Hdf5Class.Text:
                return type;
            default:
                throw cursor.Error($"elements of class {(int)kind}, which are not read");
        }
    }

    public override string ToString() => $"{Class.ToString().ToLowerInvariant()} of {Size} bytes";

    // The exponent and the mantissa must be where IEEE 754 has them.
    private static bool IsIeee(Hdf5Cursor cursor, int size, int sign)
    {
        (int offset, int precision) = (cursor.UInt16(), cursor.UInt16());
        (int exponentAt, int exponentBits, int mantissaAt, int mantissaBits) = (cursor.Byte(), cursor.Byte(), cursor.Byte(), cursor.Byte());
        uint bias = cursor.UInt32();
        return offset == 0 && precision == 8 * size && mantissaAt == 0 && (size, sign, exponentAt, exponentBits, mantissaBits, bias) is
            (2, 15, 10, 5, 10, 15) or (4, 31, 23, 8, 23, 127) or (8, 63, 52, 11, 52, 1023);
    }

    private static List<Hdf5Member> ReadMembers(Hdf5Cursor cursor, int version, int count, int size, int depth)
    {
        if (count > MaxMembers)
            throw cursor.Error($"records of {count} columns; {MaxMembers} are read at most");
        var members = new List<Hdf5Member>();
        for (int i = 0; i < count; i++)
        {
            string name = cursor.ZeroTerminated(version < 3 ? 8 : 1);
            ulong offset = cursor.Number(version < 3 ? 4 : ByteLength(size));
            // Version 1 could make a column an array; the versions after it have a type for that.
            if (version == 1 && cursor.Byte() != 0)
                throw cursor.Error($"column '{name}' is an array of the first version, which is not read");
            cursor.Skip(version == 1 ? 27 : 0);
            Hdf5Type type = Read(cursor, depth + 1);
            if (offset + (ulong)type.Size > (ulong)size)
                throw cursor.Error($"column '{name}' has bytes {offset} to {offset + (ulong)type.Size} of a record of {size}");
            members.Add(new Hdf5Member(name, (int)offset, type));
        }
        return members;
    }

    private static Hdf5Type ReadEnumeration(Hdf5Cursor cursor, Hdf5Type type, int version, int count, int depth)
    {
        Hdf5Type number = Read(cursor, depth + 1);
        if (number.Class != Hdf5Class.Integer || number.Size != type.Size)
            throw cursor.Error($"an enumeration of {number}");
        for (int i = 0; i < count; i++)
            cursor.ZeroTerminated(version < 3 ? 8 : 1);
        cursor.Skip(count * number.Size);
        return type with { Base = number };
    }

    private static Hdf5Type ReadArray(Hdf5Cursor cursor, Hdf5Type type, int version, int depth)
    {
        int rank = cursor.Byte();
        cursor.Skip(version < 3 ? 3 : 0);
        ulong count = 1;
        for (int i = 0; i < rank; i++)
            count = Math.Min(count * cursor.UInt32(), uint.MaxValue);
        cursor.Skip(version < 3 ? 4 * rank : 0);
        Hdf5Type element = Read(cursor, depth + 1);
        if (count * (ulong)element.Size != (ulong)type.Size)
            throw cursor.Error($"an array of {count} elements, {element}, that has {type.Size} bytes");
        return type with { Base = element };
    }

    private static int ByteLength(int size) => size switch { < 1 << 8 => 1, < 1 << 16 => 2, < 1 << 24 => 3, _ => 4 };
}

/// <summary>The kinds of HDF5 types, by their number in a file.</summary>
internal enum Hdf5Class
{
    Integer = 0,
    Float = 1,
    Text = 3,
    Bits = 4,
    Opaque = 5,
    Record = 6,
    Reference = 7,
    Enumeration = 8,
    Variable = 9,
    Array = 10,
}

/// <summary>A column of records.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Offset">Its first byte in a record.</param>
/// <param name="Type">What it holds.</param>
internal sealed record Hdf5Member(string Name, int Offset, Hdf5Type Type);
