namespace KeypointMl.Data.Formats.Hdf5;

/// <summary>
/// The order of chunks in an array: rows of chunks after one another, as many as the data set may ever have; a
/// dimension without a limit is the slowest.
/// </summary>
internal sealed class Hdf5ChunkGrid
{
    private readonly Hdf5Chunks chunks;
    private readonly int[] order;
    private readonly long[] counts;

    internal Hdf5ChunkGrid(Hdf5Chunks chunks)
    {
        this.chunks = chunks;
        order = [.. Enumerable.Range(0, chunks.Dimensions.Count).OrderBy(i => chunks.MaxDimensions[i] == long.MaxValue ? 0 : 1)];
        counts = [.. chunks.MaxDimensions.Zip(chunks.ChunkSizes, (size, chunk) => size / chunk + (size % chunk == 0 ? 0 : 1))];
    }

    /// <summary>The first element of a chunk of the array; null where the data set has not grown so far.</summary>
    internal long[]? Start(long index)
    {
        var start = new long[order.Length];
        for (int i = order.Length - 1; i >= 0; i--)
        {
            int dimension = order[i];
            if (counts[dimension] == 0)
                return null;
            long at = i == 0 ? index : index % counts[dimension];
            index /= counts[dimension];
            // The dimensions are within what can be read, and so is what is compared with them.
            if (at >= (chunks.Dimensions[dimension] + chunks.ChunkSizes[dimension] - 1) / chunks.ChunkSizes[dimension])
                return null;
            start[dimension] = at * chunks.ChunkSizes[dimension];
        }
        return start;
    }
}
