namespace KeypointMl.Data.Formats.Hdf5;

/// <summary>Says where the chunks of a data set are (the specification's appendix C).</summary>
internal abstract class Hdf5ChunkIndex
{
    private const int PartialChunksUnfiltered = 1;
    private const int SingleIsFiltered = 2;

    private bool partialChunksUnfiltered;

    /// <summary>The chunks that are stored.</summary>
    internal IEnumerable<Hdf5Chunk> Read(Hdf5Chunks chunks)
    {
        foreach (Hdf5Chunk chunk in List(chunks).Where(chunk => chunk.Address != Hdf5File.Undefined))
        {
            bool unfiltered = partialChunksUnfiltered
                && Enumerable.Range(0, chunk.Start.Length).Any(i => chunk.Start[i] + chunks.ChunkSizes[i] > chunks.Dimensions[i]);
            yield return unfiltered ? chunk with { SkippedFilters = uint.MaxValue } : chunk;
        }
    }

    /// <summary>The index of a layout of version 4.</summary>
    internal static Hdf5ChunkIndex Read(Hdf5Cursor cursor, byte flags)
    {
        byte kind = cursor.Byte();
        Hdf5ChunkIndex index;
        switch (kind)
        {
            case 1:
                bool filtered = (flags & SingleIsFiltered) != 0;
                (long stored, uint skipped) = filtered ? ((long)Math.Min(cursor.UInt64(), long.MaxValue), cursor.UInt32()) : (-1L, 0u);
                index = new Hdf5SingleChunk(cursor.UInt64(), stored, skipped);
                break;
            case 2:
                index = new Hdf5ChunkRow(cursor.UInt64());
                break;
            case 3:
                cursor.Skip(1);
                index = new Hdf5FixedArray(cursor.UInt64());
                break;
            case 4:
                cursor.Skip(5);
                index = new Hdf5ExtensibleArray(cursor.UInt64());
                break;
            case 5:
                cursor.Skip(6);
                index = new Hdf5ChunkTree2(cursor.UInt64());
                break;
            default:
                throw cursor.Error($"chunks are listed in a way of kind {kind}, which is not read");
        }
        index.partialChunksUnfiltered = (flags & PartialChunksUnfiltered) != 0;
        return index;
    }

    private protected abstract IEnumerable<Hdf5Chunk> List(Hdf5Chunks chunks);

    /// <summary>An element of an array of chunks: an address, and of filtered ones the size and a mask.</summary>
    private protected static Hdf5Chunk Element(Hdf5Chunks chunks, Hdf5Cursor element, long[] start)
    {
        ulong address = element.UInt64();
        return chunks.IsFiltered
            ? new Hdf5Chunk(start, address, (long)Math.Min(element.Number(element.Left - 4), long.MaxValue), element.UInt32())
            : new Hdf5Chunk(start, address, chunks.ChunkBytes, 0);
    }
}
