namespace KeypointMl.Data;

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
                throw key.Error($"a chunk at element {string.Join(',', start)}; chunks have "
                    + $"{string.Join('×', chunks.ChunkSizes)} elements");
            yield return new Hdf5Chunk(start, child, stored, skipped);
        }
    }
}
