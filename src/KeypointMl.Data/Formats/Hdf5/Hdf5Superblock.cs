using System.Buffers.Binary;

namespace KeypointMl.Data;

/// <summary>The beginning of an HDF5 file (HDF5 File Format Specification 3.0, II.A): where it is, and how long the file must be.</summary>
internal static class Hdf5Superblock
{
    private const int SearchLimit = 1 << 20;
    private static readonly byte[] Signature = [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Whether a file is HDF5: its signature stands at byte 0, 512, 1024, 2048, …</summary>
    internal static bool IsHdf5(Stream stream) => Find(stream) is not null;

    /// <summary>The length in bytes that the file had when it was written, or null where it is no HDF5 file or of a version that is not known.</summary>
    internal static long? EndOfFile(Stream stream)
    {
        Span<byte> block = stackalloc byte[64];
        if (Find(stream) is not long start)
            return null;
        stream.Position = start;
        if (stream.ReadAtLeast(block, block.Length, throwOnEndOfStream: false) < 48)
            return null;
        (int offsetBytes, int address) = block[8] switch
        {
            0 => (block[13], 40),
            1 => (block[13], 44),
            2 or 3 => (block[9], 28),
            _ => (0, 0),
        };
        return offsetBytes == 8 ? (long)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(block[address..]), long.MaxValue) : null;
    }

    private static long? Find(Stream stream)
    {
        Span<byte> start = stackalloc byte[Signature.Length];
        for (long position = 0; position < Math.Min(stream.Length, SearchLimit); position = position == 0 ? 512 : position * 2)
        {
            stream.Position = position;
            if (stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual(Signature))
                return position;
        }
        return null;
    }
}
