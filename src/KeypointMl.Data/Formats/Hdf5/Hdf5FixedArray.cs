namespace KeypointMl.Data.Formats.Hdf5;

/// <summary>Chunks in a fixed array (the specification's VII.C): data sets that cannot grow without limit.</summary>
internal sealed class Hdf5FixedArray(ulong address) : Hdf5ChunkIndex
{
    private const int HeaderBytes = 28;
    private const int PrefixBytes = 14;
    private const int ChecksumBytes = 4;

    private protected override IEnumerable<Hdf5Chunk> List(Hdf5Chunks chunks)
    {
        if (address == Hdf5File.Undefined)
            yield break;
        Hdf5Cursor header = chunks.File.At(address, HeaderBytes);
        Hdf5Cursor all = header.Copy();
        header.Expect("FAHD");
        header.Version("an array", 0, 0);
        header.Skip(1);
        (int elementBytes, int pageBits) = (header.Byte(), header.Byte());
        (ulong count, ulong block) = (header.UInt64(), header.UInt64());
        Hdf5Checksum.Check(all, HeaderBytes - ChecksumBytes, header);
        if (block == Hdf5File.Undefined)
            yield break;
        if (elementBytes < 8 || pageBits > 30 || count > (ulong)chunks.File.Length)
            throw header.Error($"an array of {count:N0} elements of {elementBytes} bytes");
        var grid = new Hdf5ChunkGrid(chunks);
        foreach ((long index, Hdf5Cursor element) in Elements(chunks.File, block, (long)count, elementBytes, 1L << pageBits))
        {
            if (grid.Start(index) is long[] start)
                yield return Element(chunks, element, start);
        }
    }

    private static IEnumerable<(long Index, Hdf5Cursor Element)> Elements(Hdf5File file, ulong block, long count,
        int elementBytes, long pageElements)
    {
        file.At(block, PrefixBytes).Expect("FADB");
        ulong at = block + PrefixBytes;
        if (count <= pageElements)
            return Hdf5ArrayPage.Read(file, at, 0, count, elementBytes);
        long pages = (count + pageElements - 1) / pageElements;
        int mapBytes = (int)((pages + 7) / 8);
        byte[] map = file.At(at, mapBytes).Bytes(mapBytes).ToArray();
        return Hdf5ArrayPage.ReadPages(file, at + (ulong)mapBytes + ChecksumBytes, map, 0, 0, count, elementBytes, pageElements);
    }
}
