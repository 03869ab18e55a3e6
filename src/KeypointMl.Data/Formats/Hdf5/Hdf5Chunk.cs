namespace KeypointMl.Data;

/// <summary>A chunk in the file.</summary>
/// <param name="Start">Its first element.</param>
/// <param name="Address">Where it is.</param>
/// <param name="StoredBytes">How many bytes it has there.</param>
/// <param name="SkippedFilters">A bit for each filter that was not used.</param>
internal readonly record struct Hdf5Chunk(long[] Start, ulong Address, long StoredBytes, uint SkippedFilters);
