namespace KeypointMl.Data.Formats.Hdf5;

/// <summary>
/// The heap of a file that elements of variable length are in (the specification's III.E). A collection that was read
/// last is kept.
/// </summary>
internal sealed class Hdf5GlobalHeap(Hdf5File file)
{
    private const int PrefixBytes = 16;

    private readonly Dictionary<uint, (ulong Address, ulong Size)> objects = [];
    private ulong current = Hdf5File.Undefined;

    /// <summary>The bytes of an object, of which <paramref name="length"/> are wanted.</summary>
    internal byte[] Read(ulong collection, uint index, long length, string where)
    {
        if (collection != current)
            Index(collection);
        if (!objects.TryGetValue(index, out (ulong Address, ulong Size) place) || (ulong)length > place.Size)
        {
            throw new InvalidDataException($"{file.Path}: {where}: {length:N0} bytes are expected as object {index} of the "
                + $"heap at byte {collection}, which has not so many there.");
        }
        file.Take(length, where);
        byte[] bytes = new byte[length];
        file.ReadData(place.Address, bytes);
        return bytes;
    }

    private void Index(ulong collection)
    {
        objects.Clear();
        Hdf5Cursor header = file.At(collection, PrefixBytes);
        header.Expect("GCOL");
        header.Version("a heap", 1, 1);
        header.Skip(3);
        ulong size = header.UInt64();
        if (size > (ulong)file.BytesFrom(collection))
            throw header.Error($"a heap of {size:N0} bytes reaches beyond the file's end");
        ulong at = collection + PrefixBytes;
        while (at + PrefixBytes <= collection + size)
        {
            Hdf5Cursor entry = file.At(at, PrefixBytes);
            uint index = (uint)entry.UInt16();
            entry.Skip(6);
            ulong bytes = entry.UInt64();
            if (index == 0)
                break; // the free space, which is the last
            at += PrefixBytes;
            if (bytes > collection + size - at)
                throw entry.Error($"an object of {bytes:N0} bytes reaches beyond its heap");
            objects[index] = (at, bytes);
            at += (bytes + 7) / 8 * 8;
        }
        current = collection;
    }
}
