namespace KeypointMl.Data;

/// <summary>A data set that is one chunk.</summary>
internal sealed class Hdf5SingleChunk(ulong address, long storedBytes, uint skippedFilters) : Hdf5ChunkIndex
{
    private protected override IEnumerable<Hdf5Chunk> List(Hdf5Chunks chunks) =>
        [new Hdf5Chunk(new long[chunks.Dimensions.Count], address, storedBytes < 0 ? chunks.ChunkBytes : storedBytes, skippedFilters)];
}
