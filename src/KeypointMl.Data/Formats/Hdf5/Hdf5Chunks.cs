namespace KeypointMl.Data.Formats.Hdf5;

/// <summary>The chunks of a data set: equal boxes of elements, each stored by itself.</summary>
internal sealed class Hdf5Chunks(
    Hdf5File file, Hdf5Dataset dataset, long[] dimensions, long[] chunkSizes, Hdf5ChunkIndex index, Hdf5Filters filters)
{
    private readonly int elementBytes = dataset.Type.Size;

    internal IReadOnlyList<long> Dimensions => dimensions;

    internal IReadOnlyList<long> ChunkSizes => chunkSizes;

    internal bool IsFiltered => !filters.IsEmpty;

    internal Hdf5File File => file;

    /// <summary>Bytes of a chunk when its filters are undone.</summary>
    internal int ChunkBytes { get; } = Bytes(dataset, chunkSizes);

    /// <summary>How large the data set may grow along each dimension; as good as infinite where there is no limit.</summary>
    internal IReadOnlyList<long> MaxDimensions => dataset.Space.MaxDimensions;

    internal InvalidDataException Error(string message) => dataset.Error(message);

    /// <summary>
    /// Fills memory with indices <paramref name="first"/> to <paramref name="first"/> + <paramref name="count"/> − 1
    /// of the first dimension.
    /// </summary>
    internal void Read(byte[] destination, long first, long count)
    {
        foreach (Hdf5Chunk chunk in index.Read(this))
        {
            for (int i = 0; i < dimensions.Length; i++)
            {
                if (chunk.Start[i] < 0 || chunk.Start[i] >= dimensions[i])
                {
                    throw file.Error(chunk.Address, $"{dataset.Name}: a chunk at element {string.Join(',', chunk.Start)} of "
                        + $"{string.Join('×', dimensions)}");
                }
            }
            if (chunk.Start[0] < first + count && chunk.Start[0] + chunkSizes[0] > first)
                Copy(Decode(chunk), chunk.Start, destination, first, count);
        }
    }

    private byte[] Decode(Hdf5Chunk chunk)
    {
        if (chunk.StoredBytes > Array.MaxLength || (filters.IsEmpty && chunk.StoredBytes != ChunkBytes))
            throw file.Error(chunk.Address, $"{dataset.Name}: a chunk of {chunk.StoredBytes:N0} stored bytes; expected {ChunkBytes:N0}");
        if (chunk.StoredBytes > file.BytesFrom(chunk.Address))
        {
            throw file.Error(chunk.Address, $"{dataset.Name}: a chunk of {chunk.StoredBytes:N0} bytes reaches beyond the "
                + $"file's end; the file is damaged");
        }
        file.Decode(ChunkBytes, dataset.Name);
        byte[] stored = new byte[chunk.StoredBytes];
        file.ReadData(chunk.Address, stored);
        return filters.Undo(stored, chunk.SkippedFilters, ChunkBytes);
    }

    // Rows of elements along the last dimension are copied one after the other, over all the others.
    private void Copy(byte[] chunk, long[] start, byte[] destination, long first, long count)
    {
        int rank = dimensions.Length;
        var (from, to) = (new long[rank], new long[rank]);
        for (int i = 0; i < rank; i++)
            (from[i], to[i]) = (start[i], Math.Min(start[i] + chunkSizes[i], dimensions[i]));
        (from[0], to[0]) = (Math.Max(from[0], first), Math.Min(to[0], first + count));
        long[] at = [.. from];
        long run = (to[^1] - from[^1]) * elementBytes;
        do
        {
            (long source, long target) = (0, 0);
            for (int i = 0; i < rank; i++)
            {
                source = source * chunkSizes[i] + at[i] - start[i];
                target = target * (i == 0 ? count : dimensions[i]) + at[i] - (i == 0 ? first : 0);
            }
            chunk.AsSpan((int)(source * elementBytes), (int)run).CopyTo(destination.AsSpan((int)(target * elementBytes)));
        }
        while (Next());

        bool Next()
        {
            for (int i = rank - 2; i >= 0; i--)
            {
                if (++at[i] < to[i])
                    return true;
                at[i] = from[i];
            }
            return false;
        }
    }

    private static int Bytes(Hdf5Dataset dataset, long[] chunkSizes)
    {
        Int128 bytes = dataset.Type.Size;
        foreach (long size in chunkSizes)
            bytes = Int128.Min(bytes * size, long.MaxValue);
        return bytes <= Array.MaxLength
            ? (int)bytes
            : throw dataset.Error($"a chunk of {string.Join('×', chunkSizes)} elements is larger than can be read");
    }
}

/// <summary>A chunk in the file.</summary>
/// <param name="Start">Its first element.</param>
/// <param name="Address">Where it is.</param>
/// <param name="StoredBytes">How many bytes it has there.</param>
/// <param name="SkippedFilters">A bit for each filter that was not used.</param>
internal readonly record struct Hdf5Chunk(long[] Start, ulong Address, long StoredBytes, uint SkippedFilters);

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
