namespace KeypointMl.Data.Formats.Hdf5;

/// <summary>
/// Where a data set's elements are (the specification's IV.A.2.i): in the header, in one piece, or in chunks. What
/// would be read from another file is refused.
/// </summary>
internal sealed class Hdf5Layout
{
    private const int Compact = 0;
    private const int Contiguous = 1;
    private const int Chunked = 2;
    private const int Virtual = 3;

    private readonly Hdf5File file;
    private readonly Hdf5Dataset dataset;
    private readonly long[] dimensions;
    private readonly byte[] fill;
    private Hdf5Cursor? compact;
    private ulong address = Hdf5File.Undefined;
    private Hdf5Chunks? chunks;

    private Hdf5Layout(Hdf5File file, Hdf5Header header, Hdf5Dataset dataset)
    {
        this.file = file;
        this.dataset = dataset;
        dimensions = dataset.Space.Dimensions.Count == 0 ? [1] : [.. dataset.Space.Dimensions];
        fill = Hdf5Fill.Read(header, dataset.Type.Size);
    }

    internal static Hdf5Layout Read(Hdf5File file, Hdf5Header header, Hdf5Dataset dataset)
    {
        if (header.Has(Hdf5Message.ExternalFiles))
            throw dataset.Error("its data are in another file (external storage), which is not read; rewrite the file with h5repack");
        var layout = new Hdf5Layout(file, header, dataset);
        Hdf5Cursor cursor = header.Open(Hdf5Message.Layout) ?? throw dataset.Error("it does not say where its data are");
        byte version = cursor.Version("a data set's layout", 1, 4);
        if (version < 3)
            layout.ReadOld(cursor, header);
        else
            layout.ReadNew(cursor, header, version);
        return layout;
    }

    /// <summary>The bytes of some indices along the first dimension.</summary>
    internal byte[] ReadRows(long first, long count)
    {
        long rowElements = dataset.Count == 0 ? 0 : dataset.Count / dimensions[0];
        if (rowElements == 0 || count == 0)
            return [];
        if (first < 0 || count > dimensions[0] - first)
            throw dataset.Error($"there is no element {first + count - 1}; it has {dimensions[0]}");
        int size = dataset.Type.Size;
        if ((Int128)count * rowElements * size > Array.MaxLength)
            throw dataset.Error($"{string.Join('×', dimensions)} elements of {size} bytes are more than can be read");
        long rowBytes = rowElements * size;
        int bytes = (int)(count * rowBytes);
        file.Take(bytes, dataset.Name);
        if (compact is Hdf5Cursor inside)
        {
            Hdf5Cursor cursor = inside.Copy();
            cursor.Skip((int)(first * rowBytes));
            return cursor.Bytes(bytes).ToArray();
        }
        // A claim that the file is too short for is refused before memory is taken.
        if (chunks is null && address != Hdf5File.Undefined && first * rowBytes + bytes > file.BytesFrom(address))
            throw file.Error(address, $"{dataset.Name}: {bytes:N0} bytes are expected here, beyond the end of the file; it is damaged");
        byte[] data = new byte[bytes];
        if (chunks is not null)
        {
            Hdf5Fill.Apply(data, fill);
            chunks.Read(data, first, count);
        }
        else if (address != Hdf5File.Undefined)
            file.ReadData(address + (ulong)(first * rowBytes), data);
        else
            Hdf5Fill.Apply(data, fill);
        return data;
    }

    private void ReadOld(Hdf5Cursor cursor, Hdf5Header header)
    {
        (int rank, int kind) = (cursor.Byte(), cursor.Byte());
        cursor.Skip(5);
        ulong place = kind == Compact ? Hdf5File.Undefined : cursor.UInt64();
        long[] sizes = Sizes(cursor, rank, 4);
        switch (kind)
        {
            case Compact:
                compact = cursor.Part(cursor.Length(4));
                break;
            case Contiguous:
                address = place;
                break;
            case Chunked:
                chunks = Chunks(header, cursor, sizes, new Hdf5ChunkTree(place));
                break;
            default:
                throw cursor.Error($"a layout of class {kind}, which is not read");
        }
    }

    private void ReadNew(Hdf5Cursor cursor, Hdf5Header header, int version)
    {
        int kind = cursor.Byte();
        switch (kind)
        {
            case Compact:
                compact = cursor.Part(cursor.UInt16());
                break;
            case Contiguous:
                address = cursor.UInt64();
                break;
            case Chunked when version == 3:
                int rank = cursor.Byte();
                ulong tree = cursor.UInt64();
                chunks = Chunks(header, cursor, Sizes(cursor, rank, 4), new Hdf5ChunkTree(tree));
                break;
            case Chunked:
                byte flags = cursor.Byte();
                int count = cursor.Byte();
                long[] sizes = Sizes(cursor, count, cursor.Byte());
                chunks = Chunks(header, cursor, sizes, Hdf5ChunkIndex.Read(cursor, flags));
                break;
            case Virtual:
                throw dataset.Error("its data are in other files (a virtual data set), which are not read; rewrite the file with h5repack");
            default:
                throw cursor.Error($"a layout of class {kind}, which is not read");
        }
    }

    // The last of the sizes is that of an element.
    private Hdf5Chunks Chunks(Hdf5Header header, Hdf5Cursor cursor, long[] sizes, Hdf5ChunkIndex index)
    {
        if (sizes.Length != dimensions.Length + 1 || sizes[^1] != dataset.Type.Size || sizes.Any(size => size < 1))
        {
            throw cursor.Error($"chunks of {string.Join('×', sizes)} bytes for {string.Join('×', dimensions)} elements of "
                + $"{dataset.Type.Size} bytes");
        }
        return new Hdf5Chunks(file, dataset, dimensions, sizes[..^1], index, Hdf5Filters.Read(header, dataset));
    }

    private static long[] Sizes(Hdf5Cursor cursor, int count, int bytes)
    {
        var sizes = new long[count];
        for (int i = 0; i < count; i++)
            sizes[i] = (long)Math.Min(cursor.Number(bytes), long.MaxValue);
        return sizes;
    }
}
