namespace KeypointMl.Data.Formats.Hdf5;

/// <summary>What elements are that were never written (the specification's IV.A.2.f).</summary>
internal static class Hdf5Fill
{
    /// <summary>The bytes of an element; none where they are zeros.</summary>
    internal static byte[] Read(Hdf5Header header, int elementBytes)
    {
        Hdf5Cursor? cursor = header.Open(Hdf5Message.FillValue);
        bool isThere = true;
        if (cursor is not null)
        {
            byte version = cursor.Version("a fill value", 1, 3);
            byte flags = version == 3 ? cursor.Byte() : (byte)0;
            cursor.Skip(version == 3 ? 0 : 2);
            isThere = version == 3 ? (flags & 0x20) != 0 : cursor.Byte() != 0;
        }
        else
        {
            cursor = header.Open(Hdf5Message.OldFillValue);
        }
        if (cursor is null || !isThere || cursor.Left < 4)
            return [];
        uint size = cursor.UInt32();
        return size == (uint)elementBytes ? cursor.Bytes(elementBytes).ToArray() : [];
    }

    internal static void Apply(Span<byte> data, byte[] fill)
    {
        if (!fill.AsSpan().ContainsAnyExcept((byte)0))
            return;
        for (int at = 0; at < data.Length; at += fill.Length)
            fill.CopyTo(data[at..]);
    }
}
