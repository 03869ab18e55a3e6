namespace KeypointMl.Data.Formats.Hdf5;

/// <summary>Chunks in a B-tree of version 1, as most files have them.</summary>
internal sealed class Hdf5ChunkTree(ulong root) : Hdf5ChunkIndex
{
    private protected override IEnumerable<Hdf5Chunk> List(Hdf5Chunks chunks)
    {
        if (root == Hdf5File.Undefined)
            yield break;
        int rank = chunks.Dimensions.Count;
        foreach ((Hdf5Cursor key, ulong child) in new Hdf5BTree(chunks.File, Hdf5BTree.Chunks, keyBytes: 8 + 8 * (rank + 1)).Read(root))
        {
            (uint stored, uint skipped) = (key.UInt32(), key.UInt32());
            var start = new long[rank];
            for (int i = 0; i < rank; i++)
                start[i] = (long)Math.Min(key.UInt64(), long.MaxValue);
            if (Enumerable.Range(0, rank).Any(i => start[i] % chunks.ChunkSizes[i] != 0))
            {
                throw key.Error($"a chunk at element {string.Join(',', start)}; chunks have "
                    + $"{string.Join('×', chunks.ChunkSizes)} elements");
            }
            yield return new Hdf5Chunk(start, child, stored, skipped);
        }
    }
}

/// <summary>Chunks in a B-tree of version 2: data sets that can grow along several dimensions.</summary>
internal sealed class Hdf5ChunkTree2(ulong root) : Hdf5ChunkIndex
{
    private protected override IEnumerable<Hdf5Chunk> List(Hdf5Chunks chunks)
    {
        if (root == Hdf5File.Undefined)
            yield break;
        int rank = chunks.Dimensions.Count;
        foreach (Hdf5Cursor record in Hdf5BTree2.Read(chunks.File, root))
        {
            Hdf5Cursor element = record.Part(Math.Max(record.Left - 8 * rank, 0));
            var start = new long[rank];
            for (int i = 0; i < rank; i++)
                start[i] = (long)UInt128.Min((UInt128)record.UInt64() * (UInt128)chunks.ChunkSizes[i], long.MaxValue);
            yield return Element(chunks, element, start);
        }
    }
}

/// <summary>A data set that is one chunk.</summary>
internal sealed class Hdf5SingleChunk(ulong address, long storedBytes, uint skippedFilters) : Hdf5ChunkIndex
{
    private protected override IEnumerable<Hdf5Chunk> List(Hdf5Chunks chunks) =>
        [new Hdf5Chunk(new long[chunks.Dimensions.Count], address, storedBytes < 0 ? chunks.ChunkBytes : storedBytes, skippedFilters)];
}
