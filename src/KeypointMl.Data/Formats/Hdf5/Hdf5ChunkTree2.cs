namespace KeypointMl.Data;

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
