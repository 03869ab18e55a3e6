namespace KeypointMl.Data.Formats.Hdf5;

/// <summary>
/// Runs of elements in the blocks of fixed and extensible arrays; large blocks are divided into pages with a checksum
/// each.
/// </summary>
internal static class Hdf5ArrayPage
{
    private const int ChecksumBytes = 4;

    internal static IEnumerable<(long Index, Hdf5Cursor Element)> Read(Hdf5File file, ulong address, long first, long count,
        int elementBytes)
    {
        if (count * elementBytes > Math.Min(file.BytesFrom(address), Array.MaxLength))
        {
            throw file.Error(address, $"{count:N0} elements of {elementBytes} bytes are expected here, beyond the end of "
                + $"the file; it is damaged");
        }
        Hdf5Cursor elements = file.At(address, (int)(count * elementBytes));
        for (long i = 0; i < count; i++)
            yield return (first + i, elements.Part(elementBytes));
    }

    /// <param name="file">The file.</param>
    /// <param name="address">The first page.</param>
    /// <param name="map">A bit for each page that was written.</param>
    /// <param name="firstBit">The bit of the first page.</param>
    /// <param name="first">The index of the first element.</param>
    /// <param name="count">The number of elements.</param>
    /// <param name="elementBytes">Bytes of an element.</param>
    /// <param name="pageElements">Elements of a page.</param>
    internal static IEnumerable<(long Index, Hdf5Cursor Element)> ReadPages(
        Hdf5File file, ulong address, byte[] map, long firstBit, long first, long count, int elementBytes, long pageElements)
    {
        for (long done = 0, bit = firstBit; done < count; done += pageElements, bit++)
        {
            long elements = Math.Min(pageElements, count - done);
            if ((map[bit / 8] & (0x80 >> (int)(bit % 8))) != 0)
            {
                foreach ((long Index, Hdf5Cursor Element) element in Read(file, address, first + done, elements, elementBytes))
                    yield return element;
            }
            address += (ulong)(elements * elementBytes + ChecksumBytes);
        }
    }
}
