namespace KeypointMl.Data.Formats.Hdf5;

/// <summary>
/// The beginning of an HDF5 file (HDF5 File Format Specification 3.0, II.A): where it is, how long the file must be,
/// and where its root group is.
/// </summary>
internal static class Hdf5Superblock
{
    private const int SearchLimit = 1 << 20;
    private const int Size = 96;
    private const int WordSize = 8;
    private static readonly byte[] Signature = [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Whether a file is HDF5: its signature stands at byte 0, 512, 1024, 2048, …</summary>
    internal static bool IsHdf5(Stream stream) =>
        Find(stream.Length, (position, bytes) =>
        {
            stream.Position = position;
            return stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length;
        }) is not null;

    /// <summary>The byte that addresses are counted from, and the address of the root group's header.</summary>
    /// <exception cref="InvalidDataException">It is no HDF5 file, truncated, or of a kind that is not read.</exception>
    internal static (ulong Origin, ulong Root) Read(Hdf5File file)
    {
        long start = Find(file.Length, (position, bytes) => Copy(file, position, bytes))
            ?? throw file.Error(0, "this is no HDF5 file; its signature is missing");
        Hdf5Cursor block = file.At((ulong)start, (int)Math.Min(Size, file.Length - start));
        Hdf5Cursor all = block.Copy();
        block.Skip(Signature.Length);
        byte version = block.Version("a superblock", 0, 3);
        if (version < 2)
            block.Skip(4);
        (byte offsets, byte lengths) = (block.Byte(), block.Byte());
        if (offsets != WordSize || lengths != WordSize)
            throw block.Error($"addresses of {offsets} and lengths of {lengths} bytes; files with {WordSize} are read");
        block.Skip(version switch { 0 => 9, 1 => 13, _ => 1 });
        ulong origin = block.UInt64();
        block.Skip(WordSize); // the free space, or an extension of the superblock
        ulong end = block.UInt64();
        if (end < origin || end - origin > (ulong)(file.Length - start))
        {
            throw file.Error((ulong)file.Length, $"the file ends here; it had {end:N0} bytes when it was written. It is "
                + $"truncated; copy it again");
        }
        if (version < 2)
            block.Skip(2 * WordSize); // the driver, and the root group's name
        ulong root = block.UInt64();
        if (version >= 2)
            Hdf5Checksum.Check(all, 44, block);
        // As the HDF5 library does: something may have been put before the file since it was written.
        return ((ulong)start, root);
    }

    private static bool Copy(Hdf5File file, long position, byte[] bytes)
    {
        file.ReadData((ulong)position, bytes);
        return true;
    }

    private static long? Find(long length, Func<long, byte[], bool> read)
    {
        byte[] start = new byte[Signature.Length];
        for (long position = 0; position + start.Length <= length && position < SearchLimit; position = position == 0 ? 512 : position * 2)
        {
            if (read(position, start) && start.AsSpan().SequenceEqual(Signature))
                return position;
        }
        return null;
    }
}
