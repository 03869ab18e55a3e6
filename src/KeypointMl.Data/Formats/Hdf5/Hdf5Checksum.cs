using System.Buffers.Binary;
using System.Numerics;

namespace KeypointMl.Data.Formats.Hdf5;

/// <summary>The checksum of HDF5's newer structures: Jenkins' lookup3, with the initial value 0.</summary>
internal static class Hdf5Checksum
{
    /// <summary>Compares the checksum that follows with that of the bytes before it.</summary>
    /// <param name="content">A cursor at the first of the bytes.</param>
    /// <param name="length">How many there are.</param>
    /// <param name="stored">A cursor at the checksum.</param>
    internal static void Check(Hdf5Cursor content, int length, Hdf5Cursor stored)
    {
        ReadOnlySpan<byte> bytes = content.Copy().Bytes(length);
        if (Lookup3(bytes) != stored.UInt32())
            throw content.Error($"the checksum of {length} bytes is another than the stored one; the file is damaged");
    }

    private static uint Lookup3(ReadOnlySpan<byte> bytes)
    {
        unchecked
        {
            uint a = 0xDEADBEEF + (uint)bytes.Length;
            (uint b, uint c) = (a, a);
            while (bytes.Length > 12)
            {
                Add(bytes, ref a, ref b, ref c);
                a = (a - c) ^ BitOperations.RotateLeft(c, 4);
                c += b;
                b = (b - a) ^ BitOperations.RotateLeft(a, 6);
                a += c;
                c = (c - b) ^ BitOperations.RotateLeft(b, 8);
                b += a;
                a = (a - c) ^ BitOperations.RotateLeft(c, 16);
                c += b;
                b = (b - a) ^ BitOperations.RotateLeft(a, 19);
                a += c;
                c = (c - b) ^ BitOperations.RotateLeft(b, 4);
                b += a;
                bytes = bytes[12..];
            }
            if (bytes.IsEmpty)
                return c;
            Span<byte> last = stackalloc byte[12];
            last.Clear();
            bytes.CopyTo(last);
            Add(last, ref a, ref b, ref c);
            c = (c ^ b) - BitOperations.RotateLeft(b, 14);
            a = (a ^ c) - BitOperations.RotateLeft(c, 11);
            b = (b ^ a) - BitOperations.RotateLeft(a, 25);
            c = (c ^ b) - BitOperations.RotateLeft(b, 16);
            a = (a ^ c) - BitOperations.RotateLeft(c, 4);
            b = (b ^ a) - BitOperations.RotateLeft(a, 14);
            return (c ^ b) - BitOperations.RotateLeft(b, 24);
        }
    }

    private static void Add(ReadOnlySpan<byte> bytes, ref uint a, ref uint b, ref uint c)
    {
        unchecked
        {
            a += BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            b += BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            c += BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        }
    }
}
