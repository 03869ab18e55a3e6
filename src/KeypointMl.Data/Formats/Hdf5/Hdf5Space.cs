namespace KeypointMl.Data.Formats.Hdf5;

/// <summary>How many elements there are along each dimension (the specification's IV.A.2.b).</summary>
internal sealed class Hdf5Space
{
    private const int MaxRank = 32;
    private const int NullSpace = 2;

    private Hdf5Space(long[] dimensions, long[] maxDimensions, bool isNull)
    {
        Dimensions = dimensions;
        MaxDimensions = maxDimensions;
        IsNull = isNull;
    }

    internal IReadOnlyList<long> Dimensions { get; }

    /// <summary>How large it may grow along each dimension; <see cref="long.MaxValue"/> where there is no limit.</summary>
    internal IReadOnlyList<long> MaxDimensions { get; }

    /// <summary>Whether there are no elements at all.</summary>
    internal bool IsNull { get; }

    internal static Hdf5Space Read(Hdf5Cursor cursor)
    {
        byte version = cursor.Version("a data space", 1, 2);
        int rank = cursor.Byte();
        bool hasMax = (cursor.Byte() & 1) != 0;
        int kind = version == 2 ? cursor.Byte() : 0;
        cursor.Skip(version == 1 ? 5 : 0);
        if (rank > MaxRank)
            throw cursor.Error($"{rank} dimensions; HDF5 has {MaxRank} at most");
        long[] dimensions = ReadSizes(cursor, rank);
        return new Hdf5Space(dimensions, hasMax ? ReadSizes(cursor, rank) : dimensions, kind == NullSpace);
    }

    private static long[] ReadSizes(Hdf5Cursor cursor, int rank)
    {
        var sizes = new long[rank];
        for (int i = 0; i < rank; i++)
            sizes[i] = (long)Math.Min(cursor.UInt64(), long.MaxValue);
        return sizes;
    }

    /// <summary>The number of elements; as good as infinite where it is more than 64 bits hold.</summary>
    internal long Count()
    {
        if (IsNull)
            return 0;
        UInt128 count = 1;
        foreach (long dimension in Dimensions)
            count = UInt128.Min(count * (UInt128)dimension, long.MaxValue);
        // A zero among the dimensions counts, wherever it stands.
        return Dimensions.Contains(0) ? 0 : (long)count;
    }
}
