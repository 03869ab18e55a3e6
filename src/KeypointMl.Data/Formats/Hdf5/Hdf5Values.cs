using System.Buffers.Binary;
using System.Text;

namespace KeypointMl.Data.Formats.Hdf5;

/// <summary>Makes numbers and texts of stored elements of one type.</summary>
internal sealed class Hdf5Values(Hdf5File file, Hdf5Type type, string where)
{
    private readonly Hdf5GlobalHeap heap = new(file);

    internal Hdf5Type Type => type;

    /// <summary>An element that is a number, whatever the order of its bytes.</summary>
    internal double Number(ReadOnlySpan<byte> element) => Number(type.Number, element);

    /// <summary>Whether an element is a number.</summary>
    internal bool IsNumber => type.Number.IsNumber;

    /// <summary>An element that is a list of numbers, of fixed length.</summary>
    internal double[] Numbers(ReadOnlySpan<byte> element)
    {
        if (type is not { Class: Hdf5Class.Array, Base: Hdf5Type each })
            return [Number(element)];
        var values = new double[element.Length / each.Size];
        for (int i = 0; i < values.Length; i++)
            values[i] = Number(each.Number, element.Slice(i * each.Size, each.Size));
        return values;
    }

    /// <summary>An element that is text, without the zeros that fill its room.</summary>
    internal string Text(ReadOnlySpan<byte> element)
    {
        if (!type.IsText)
            throw Wrong("text");
        ReadOnlySpan<byte> bytes = type.Class == Hdf5Class.Text ? element : VariableBytes(element);
        int zero = bytes.IndexOf((byte)0);
        file.Take(2L * bytes.Length, where);
        return Encoding.UTF8.GetString(zero < 0 ? bytes : bytes[..zero]);
    }

    /// <summary>The bytes of an element of variable length.</summary>
    internal byte[] VariableBytes(ReadOnlySpan<byte> element)
    {
        if (type is not { Class: Hdf5Class.Variable, Base: Hdf5Type each })
            throw Wrong("lists of variable length");
        uint count = BinaryPrimitives.ReadUInt32LittleEndian(element);
        ulong address = BinaryPrimitives.ReadUInt64LittleEndian(element[4..]);
        return count == 0 ? [] : heap.Read(address, BinaryPrimitives.ReadUInt32LittleEndian(element[12..]), count * (long)each.Size, where);
    }

    internal InvalidDataException Wrong(string expected) =>
        new($"{file.Path}: {where}: expected {expected}; found {type}{(type.IsBigEndian ? ", big-endian" : "")}.");

    private double Number(Hdf5Type number, ReadOnlySpan<byte> element)
    {
        if (!number.IsNumber)
            throw Wrong("numbers of 1, 2, 4 or 8 bytes");
        ulong bits = 0;
        for (int i = 0; i < number.Size; i++)
            bits = bits << 8 | element[number.IsBigEndian ? i : number.Size - 1 - i];
        return (number.Class, number.Size, number.IsSigned) switch
        {
            (Hdf5Class.Float, 2, _) => (double)BitConverter.UInt16BitsToHalf((ushort)bits),
            (Hdf5Class.Float, 4, _) => BitConverter.UInt32BitsToSingle((uint)bits),
            (Hdf5Class.Float, _, _) => BitConverter.UInt64BitsToDouble(bits),
            (_, 1, true) => (sbyte)bits,
            (_, 2, true) => (short)bits,
            (_, 4, true) => (int)bits,
            (_, 8, true) => (long)bits,
            _ => bits,
        };
    }
}
