namespace KeypointMl.Data;

/// <summary>Chunks one after the other without a list of them.</summary>
internal sealed class Hdf5ChunkRow(ulong address) : Hdf5ChunkIndex
{
    private protected override IEnumerable<Hdf5Chunk> List(Hdf5Chunks chunks)
    {
        if (address == Hdf5File.Undefined)
            yield break;
        var grid = new Hdf5ChunkGrid(chunks);
        long count = chunks.File.BytesFrom(address) / chunks.ChunkBytes;
        for (long i = 0; i < count; i++)
        {
            if (grid.Start(i) is long[] start)
                yield return new Hdf5Chunk(start, address + (ulong)(i * chunks.ChunkBytes), chunks.ChunkBytes, 0);
        }
    }
}
