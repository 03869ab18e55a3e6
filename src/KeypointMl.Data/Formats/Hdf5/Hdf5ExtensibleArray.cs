using System.Numerics;

namespace KeypointMl.Data.Formats.Hdf5;

/// <summary>
/// Chunks in an extensible array (the specification's VII.D): data sets that grow along one dimension. The first
/// elements are in the index block, the next in data blocks that it lists,
/// the others in data blocks that secondary blocks list; blocks become larger the later they are.
/// </summary>
internal sealed class Hdf5ExtensibleArray(ulong address) : Hdf5ChunkIndex
{
    private const int HeaderBytes = 72;
    private const int PrefixBytes = 14;
    private const int ChecksumBytes = 4;

    private readonly record struct Sizes(int ElementBytes, int OffsetBytes, int IndexElements, long MinElements,
        int MinPointers, long PageElements, int SecondaryBlocks);

    private protected override IEnumerable<Hdf5Chunk> List(Hdf5Chunks chunks)
    {
        if (address == Hdf5File.Undefined)
            yield break;
        var grid = new Hdf5ChunkGrid(chunks);
        foreach ((long index, Hdf5Cursor element) in Elements(chunks.File))
        {
            if (grid.Start(index) is long[] start)
                yield return Element(chunks, element, start);
        }
    }

    private IEnumerable<(long Index, Hdf5Cursor Element)> Elements(Hdf5File file)
    {
        Hdf5Cursor header = file.At(address, HeaderBytes);
        Hdf5Cursor all = header.Copy();
        header.Expect("EAHD");
        header.Version("an array", 0, 0);
        header.Skip(1);
        (int elementBytes, int maxBits, int indexElements, int minElements, int minPointers, int pageBits) =
            (header.Byte(), header.Byte(), header.Byte(), header.Byte(), header.Byte(), header.Byte());
        header.Skip(48);
        ulong block = header.UInt64();
        Hdf5Checksum.Check(all, HeaderBytes - ChecksumBytes, header);
        if (elementBytes < 8 || maxBits is 0 or > 48 || !BitOperations.IsPow2(minElements)
            || !BitOperations.IsPow2(minPointers) || pageBits > 30)
            throw header.Error("an array whose sizes contradict one another; the file is damaged");
        if (block == Hdf5File.Undefined)
            return [];
        int secondaryBlocks = 1 + maxBits - BitOperations.Log2((uint)minElements);
        var sizes = new Sizes(elementBytes, (maxBits + 7) / 8, indexElements, minElements, minPointers, 1L << pageBits, secondaryBlocks);
        return Elements(file, block, sizes);
    }

    private static IEnumerable<(long Index, Hdf5Cursor Element)> Elements(Hdf5File file, ulong block, Sizes sizes)
    {
        file.At(block, PrefixBytes).Expect("EAIB");
        ulong at = block + PrefixBytes;
        foreach ((long Index, Hdf5Cursor Element) element in Hdf5ArrayPage.Read(file, at, 0, sizes.IndexElements, sizes.ElementBytes))
            yield return element;
        at += (ulong)(sizes.IndexElements * sizes.ElementBytes);
        int listed = 2 * BitOperations.Log2((uint)sizes.MinPointers);
        long first = sizes.IndexElements;
        for (int s = 0; s < Math.Max(sizes.SecondaryBlocks, 0); s++)
        {
            // Secondary block s has 2^(s/2) data blocks of minElements · 2^((s+1)/2) elements.
            (int blocks, long elements) = (1 << s / 2, sizes.MinElements << (s + 1) / 2);
            bool direct = s < listed;
            long pages = direct || elements <= sizes.PageElements ? 0 : elements / sizes.PageElements;
            ulong list = at;
            byte[] map = [];
            if (!direct)
            {
                ulong secondary = file.At(at, 8).UInt64();
                at += 8;
                if (secondary == Hdf5File.Undefined)
                {
                    first += blocks * elements;
                    continue;
                }
                Hdf5Cursor prefix = file.At(secondary, PrefixBytes);
                prefix.Expect("EASB");
                list = secondary + PrefixBytes + (ulong)sizes.OffsetBytes;
                long mapBytes = blocks * ((pages + 7) / 8);
                map = file.At(list, mapBytes).Bytes((int)mapBytes).ToArray();
                list += (ulong)mapBytes;
            }
            for (int b = 0; b < blocks; b++, list += 8, first += elements)
            {
                ulong data = file.At(list, 8).UInt64();
                if (data == Hdf5File.Undefined)
                    continue;
                file.At(data, PrefixBytes).Expect("EADB");
                ulong start = data + PrefixBytes + (ulong)sizes.OffsetBytes;
                IEnumerable<(long Index, Hdf5Cursor Element)> found = pages == 0
                    ? Hdf5ArrayPage.Read(file, start, first, elements, sizes.ElementBytes)
                    : Hdf5ArrayPage.ReadPages(file, start + ChecksumBytes, map, b * ((pages + 7) / 8) * 8, first, elements,
                        sizes.ElementBytes, sizes.PageElements);
                foreach ((long Index, Hdf5Cursor Element) element in found)
                    yield return element;
            }
            at = direct ? list : at;
        }
    }
}
