using System.Buffers.Binary;
using System.Text;

namespace KeypointMl.Data.Formats.Hdf5;

/// <summary>Reads little-endian fields of an HDF5 structure one after the other, never beyond its end.</summary>
internal sealed class Hdf5Cursor(Hdf5File file, byte[] bytes, ulong address, int start, int end)
{
    private int position = start;

    /// <summary>How many bytes are left.</summary>
    internal int Left => end - position;

    internal byte Byte() => bytes[Advance(1)];

    internal int UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(Advance(2)));

    internal uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(Advance(4)));

    internal ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(Advance(8)));

    /// <summary>A number of up to eight bytes.</summary>
    internal ulong Number(int size)
    {
        if (size is < 0 or > 8)
            throw Error($"a number of {size} bytes; it has 8 at most");
        ulong value = 0;
        ReadOnlySpan<byte> digits = Bytes(size);
        for (int i = size - 1; i >= 0; i--)
            value = value << 8 | digits[i];
        return value;
    }

    /// <summary>A length that must be one of an array in memory.</summary>
    internal int Length(int size)
    {
        ulong length = Number(size);
        return length <= (ulong)Array.MaxLength ? (int)length : throw Error($"a length of {length:N0} bytes is too large");
    }

    internal ReadOnlySpan<byte> Bytes(int count) => bytes.AsSpan(Advance(count), count);

    internal void Skip(int count) => Advance(count);

    /// <summary>Skips what fills a field up to a multiple of 8 bytes.</summary>
    internal void SkipPadding(int length) => Advance(Math.Min((8 - length % 8) % 8, Left));

    /// <summary>Skips a signature, which must be there.</summary>
    internal void Expect(string signature)
    {
        Hdf5Cursor before = Copy();
        if (Encoding.Latin1.GetString(Bytes(signature.Length)) != signature)
            throw before.Error($"expected '{signature}'");
    }

    /// <summary>Skips a version number, which must be one of those that are read.</summary>
    internal byte Version(string what, byte min, byte max)
    {
        byte version = Byte();
        return version >= min && version <= max ? version : throw Error($"{what} of version {version}; {min} to {max} are read");
    }

    /// <summary>The next bytes as a cursor of their own.</summary>
    internal Hdf5Cursor Part(int length)
    {
        int from = Advance(length);
        return new Hdf5Cursor(file, bytes, address, from, from + length);
    }

    /// <summary>Another cursor at the same place.</summary>
    internal Hdf5Cursor Copy() => new(file, bytes, address, position, end);

    /// <summary>A text that ends with a zero byte, or where its room ends.</summary>
    internal string Text(int room)
    {
        ReadOnlySpan<byte> text = Bytes(room);
        int zero = text.IndexOf((byte)0);
        return Encoding.UTF8.GetString(zero < 0 ? text : text[..zero]);
    }

    /// <summary>
    /// A text that ends with a zero byte; the rest of its room, up to a multiple of <paramref name="alignment"/>
    /// bytes, is skipped.
    /// </summary>
    internal string ZeroTerminated(int alignment)
    {
        int length = bytes.AsSpan(position, Left).IndexOf((byte)0);
        if (length < 0)
            throw Error("a name does not end");
        string text = Encoding.UTF8.GetString(bytes, position, length);
        Advance(Math.Min((length + alignment) / alignment * alignment, Left));
        return text;
    }

    internal InvalidDataException Error(string message) => file.Error(address + (ulong)position, message);

    private int Advance(int count)
    {
        if (count < 0 || count > Left)
            throw Error($"a structure ends here, but {count:N0} bytes more are expected");
        int from = position;
        position += count;
        return from;
    }
}
