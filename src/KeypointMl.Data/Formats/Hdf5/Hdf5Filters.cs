using System.IO.Compression;
using KeypointMl.Data.Formats.Json;

namespace KeypointMl.Data.Formats.Hdf5;

/// <summary>What was done to a data set's chunks before they were stored (the specification's IV.A.2.l), and how it is undone.</summary>
internal sealed class Hdf5Filters
{
    private const int Deflate = 1;
    private const int Shuffle = 2;
    private const int Fletcher32 = 3;
    private const int MaxFilters = 32;

    private readonly int[] filters;
    private readonly int elementBytes;
    private readonly Func<string, InvalidDataException> error;

    private Hdf5Filters(int[] filters, int elementBytes, Func<string, InvalidDataException> error)
    {
        this.filters = filters;
        this.elementBytes = elementBytes;
        this.error = error;
    }

    internal bool IsEmpty => filters.Length == 0;

    internal static Hdf5Filters Read(Hdf5Header header, Hdf5Dataset dataset)
    {
        var filters = new List<int>();
        if (header.Open(Hdf5Message.Filters) is Hdf5Cursor cursor)
        {
            byte version = cursor.Version("a list of filters", 1, 2);
            int count = cursor.Byte();
            cursor.Skip(version == 1 ? 6 : 0);
            if (count > MaxFilters)
                throw cursor.Error($"{count} filters; HDF5 has {MaxFilters} at most");
            for (int i = 0; i < count; i++)
            {
                int id = cursor.UInt16();
                int nameBytes = version == 1 || id >= 256 ? cursor.UInt16() : 0;
                cursor.Skip(2);
                int values = cursor.UInt16();
                cursor.Skip(nameBytes);
                cursor.Skip(version == 1 ? (8 - nameBytes % 8) % 8 : 0);
                cursor.Skip(4 * values + (version == 1 && values % 2 != 0 ? 4 : 0));
                if (id is not (Deflate or Shuffle or Fletcher32))
                {
                    throw dataset.Error($"its data are compressed with {Name(id)}, which is not read; rewrite the file with "
                        + "'h5repack -f GZIP=4'");
                }
                filters.Add(id);
            }
        }
        return new Hdf5Filters([.. filters], dataset.Type.Size, dataset.Error);
    }

    /// <summary>Undoes the filters of a chunk.</summary>
    /// <param name="stored">Its bytes in the file.</param>
    /// <param name="skipped">A bit for each filter that was not used for this chunk.</param>
    /// <param name="length">How many bytes the chunk has.</param>
    internal byte[] Undo(byte[] stored, uint skipped, int length)
    {
        byte[] bytes = stored;
        for (int i = filters.Length - 1; i >= 0; i--)
        {
            if ((skipped & (1u << i)) != 0)
                continue;
            bytes = filters[i] switch
            {
                // Only the checksum may still stand behind the data.
                Deflate => Inflate(bytes, length + 4),
                Shuffle => Unshuffle(bytes),
                _ => CheckFletcher(bytes),
            };
        }
        return bytes.Length == length ? bytes : throw error($"a chunk has {bytes.Length:N0} bytes; expected {length:N0}");
    }

    private byte[] Inflate(byte[] bytes, int most)
    {
        byte[]? inflated;
        try
        {
            using var zlib = new ZLibStream(new MemoryStream(bytes), CompressionMode.Decompress);
            inflated = GrowingRead.AtMost(zlib, most);
        }
        catch (Exception damage) when (damage is IOException or InvalidDataException)
        {
            throw error($"a chunk cannot be decompressed ({damage.Message.TrimEnd('.')}); the file is damaged");
        }
        return inflated ?? throw error($"a chunk is decompressed to more than {most:N0} bytes");
    }

    private byte[] Unshuffle(byte[] bytes)
    {
        int elements = bytes.Length / elementBytes;
        byte[] result = new byte[bytes.Length];
        for (int b = 0; b < elementBytes; b++)
        {
            for (int i = 0; i < elements; i++)
                result[i * elementBytes + b] = bytes[b * elements + i];
        }
        int tail = elements * elementBytes;
        bytes.AsSpan(tail).CopyTo(result.AsSpan(tail));
        return result;
    }

    private byte[] CheckFletcher(byte[] bytes)
    {
        if (bytes.Length < 4)
            throw error($"a chunk has {bytes.Length} bytes, too few for its checksum");
        ReadOnlySpan<byte> data = bytes.AsSpan(0, bytes.Length - 4);
        return Fletcher(data) == BitConverter.ToUInt32(bytes, data.Length)
            ? data.ToArray()
            : throw error("a chunk's checksum is another than the stored one; the file is damaged");
    }

    private static uint Fletcher(ReadOnlySpan<byte> data)
    {
        (uint first, uint second) = (0, 0);
        for (int i = 0; i < data.Length; i += 2)
        {
            first += (uint)(data[i] << 8) | (i + 1 < data.Length ? data[i + 1] : 0u);
            first = (first & 0xFFFF) + (first >> 16);
            second += first;
            second = (second & 0xFFFF) + (second >> 16);
        }
        return second << 16 | first;
    }

    private static string Name(int id) => id switch
    {
        4 => "szip",
        5 => "n-bit packing",
        6 => "scale-offset",
        307 => "bzip2",
        32000 => "lzf",
        32001 => "blosc",
        32004 => "lz4",
        32008 => "bitshuffle",
        32015 => "zstd",
        32026 => "blosc2",
        _ => $"filter {id}",
    };
}
