using System.Buffers.Binary;
using Parquet.Meta;
using Parquet.Schema;
using Snappier;

namespace KeypointMl.Scoring.ParquetFiles;

/// <summary>The pages of a column of a row group, walked through before the library decodes them.</summary>
internal sealed class ParquetPages
{
    private const int FirstRead = 4096;
    private const int MaxMiniblock = 1 << 16;
    private const int MaxVarInt = 10;
    private const int ZstandardSlack = 1 << 20;

    private readonly Stream stream;
    private readonly ColumnMetaData meta;
    private readonly DataField field;
    private readonly int rows;
    private readonly ParquetLimits limits;
    private long decompressed;
    private bool hasDictionary;

    public ParquetPages(BoundedReadStream stream, ColumnMetaData meta, DataField field, int rows, ParquetLimits limits)
    {
        stream.Allow(long.MaxValue);
        (this.stream, this.meta, this.field, this.rows, this.limits) = (stream, meta, field, rows, limits);
    }

    /// <summary>Checks them.</summary>
    /// <returns>How many bytes the library reads to decode them.</returns>
    /// <exception cref="InvalidDataException">They do not fit together, or go beyond the limits.</exception>
    public long Check()
    {
        if (meta.NumValues != rows)
            throw Wrong($"has {meta.NumValues:N0} values for {rows:N0} rows");
        long[] offsets = [meta.DictionaryPageOffset ?? 0, meta.DataPageOffset, meta.IndexPageOffset ?? 0];
        long start = offsets.Where(offset => offset != 0).DefaultIfEmpty(0).Min();
        long offset = start;
        for (long values = 0; values < rows;)
        {
            Page page = ReadHeader(offset);
            CheckSizes(page);
            values += page.IsDictionary ? CheckDictionary(page) : CheckData(page, rows - values);
            offset = page.Start + page.Compressed;
        }
        // The library reads each header byte by byte and each page once.
        return offset - start + FirstRead;
    }

    private readonly record struct Page(long Start, int Compressed, int Uncompressed, bool IsDictionary, bool IsV2, long Values)
    {
        public Encoding Encoding { get; init; }

        // Of the second version, whose levels stand before what is compressed.
        public long LevelBytes { get; init; }

        public bool IsCompressed { get; init; }
    }

    private Page ReadHeader(long offset)
    {
        if (offset < 4 || offset >= stream.Length)
            throw Wrong($"has a page at byte {offset:N0}, outside of the file");
        for (int size = FirstRead; ; size *= 16)
        {
            byte[] bytes = new byte[Math.Min(Math.Min(size, ParquetLimits.PageHeader), stream.Length - offset)];
            stream.Position = offset;
            stream.ReadExactly(bytes);
            try
            {
                return Parse(bytes, offset);
            }
            catch (ThriftException) when (bytes.Length == size && size < ParquetLimits.PageHeader)
            {
                // Perhaps it is longer.
            }
        }
    }

    private Page Parse(byte[] bytes, long offset)
    {
        var parts = new Dictionary<string, IReadOnlyDictionary<short, long>>();
        var walker = new ThriftWalker(bytes, (structure, numbers) => parts[structure] = numbers);
        walker.Walk(ThriftLayout.PageHeader);
        IReadOnlyDictionary<short, long> page = parts[ThriftLayout.PageHeader];
        (string part, short encoding) = Number(page, 1) switch
        {
            (long)PageType.DATA_PAGE => ("DataPageHeader", (short)2),
            (long)PageType.DICTIONARY_PAGE => ("DictionaryPageHeader", (short)2),
            (long)PageType.DATA_PAGE_V2 => ("DataPageHeaderV2", (short)4),
            long type => throw Wrong($"has a page of type {type}"),
        };
        if (!parts.TryGetValue(part, out IReadOnlyDictionary<short, long>? header))
            throw Wrong($"has a page without {part}");
        bool second = part == "DataPageHeaderV2";
        long start = offset + walker.Position;
        return new Page(start, (int)Number(page, 3), (int)Number(page, 2), part == "DictionaryPageHeader", second, Number(header, 1))
        {
            Encoding = (Encoding)Number(header, encoding),
            LevelBytes = second ? Level(header, 5) + Level(header, 6) : 0,
            IsCompressed = !second || header.GetValueOrDefault((short)7, 1) != 0,
        };
    }

    private long Number(IReadOnlyDictionary<short, long> numbers, short field) =>
        numbers.TryGetValue(field, out long number) ? number : throw Wrong($"has a page whose field {field} is missing");

    private long Level(IReadOnlyDictionary<short, long> numbers, short field) =>
        Number(numbers, field) is >= 0 and long length ? length : throw Wrong("has a page with a negative length");

    private void CheckSizes(Page page)
    {
        if (page.Compressed < 0 || page.Compressed > stream.Length - page.Start)
            throw Wrong($"has a page of {page.Compressed:N0} bytes, of which {stream.Length - page.Start:N0} are there");
        if (page.Uncompressed < 0 || (decompressed += page.Uncompressed) > limits.ColumnBytes)
        {
            throw Wrong($"has more than {limits.ColumnBytes:N0} bytes in one row group, or a negative size; "
                + "write the file with smaller row groups");
        }
        if (page.LevelBytes > page.Compressed || page.LevelBytes > page.Uncompressed)
            throw Wrong("has a page whose levels are longer than the page");
        // These say themselves how much they become, and are believed; where its frame does not say it, Zstandard takes
        // whole blocks for it.
        if (page.IsCompressed && Inflated(page) is long inflated && inflated > 2L * page.Uncompressed + ZstandardSlack)
            throw Wrong($"has a page that becomes {inflated:N0} bytes; its header says {page.Uncompressed:N0}");
        if (meta.Codec == CompressionCodec.UNCOMPRESSED && page.Uncompressed != page.Compressed)
            throw Wrong($"has a page of {page.Compressed:N0} bytes that says it has {page.Uncompressed:N0}");
    }

    private long CheckDictionary(Page page)
    {
        // A number takes four bytes at least, and so does a text's length.
        if (hasDictionary || page.Values < 0 || 4 * page.Values > page.Uncompressed)
            throw Wrong($"has a dictionary of {page.Values:N0} values in {page.Uncompressed:N0} bytes, or two of them");
        hasDictionary = true;
        return 0;
    }

    private long CheckData(Page page, long left)
    {
        if (page.Values < 1 || page.Values > left)
            throw Wrong($"has a page of {page.Values:N0} values where {left:N0} are left");
        switch (page.Encoding)
        {
            case Encoding.PLAIN or Encoding.RLE or Encoding.BYTE_STREAM_SPLIT:
                break;
            case Encoding.PLAIN_DICTIONARY or Encoding.RLE_DICTIONARY:
                if (!hasDictionary)
                    throw Wrong("refers to a dictionary that is not there");
                break;
            case Encoding.DELTA_BINARY_PACKED or Encoding.DELTA_LENGTH_BYTE_ARRAY:
                CheckDelta(page);
                break;
            default:
                // Texts that each begin as the one before can be longer together than any limit.
                throw Wrong($"is encoded as {page.Encoding}, which is not read; write it with the encoding PLAIN or with a dictionary");
        }
        return page.Values;
    }

    // The library takes memory for as many differences as a block's header says.
    private void CheckDelta(Page page)
    {
        ReadOnlySpan<byte> data = PageData(page);
        if (!page.IsV2 && field.MaxDefinitionLevel > 0)
        {
            int levels = data.Length >= 4 ? BinaryPrimitives.ReadInt32LittleEndian(data) : -1;
            if (levels < 0 || levels > data.Length - 4)
                throw Wrong("has a page whose levels are longer than the page");
            data = data[(4 + levels)..];
        }
        ulong block = VarInt(ref data), miniblocks = VarInt(ref data), values = VarInt(ref data);
        if (miniblocks == 0 || block / miniblocks > MaxMiniblock || block > int.MaxValue || miniblocks > int.MaxValue
            || values > (ulong)page.Values)
            throw Wrong($"has a page of {page.Values:N0} differences that says it has {values:N0} in blocks of {block:N0}");
    }

    private ReadOnlySpan<byte> PageData(Page page)
    {
        byte[] data = new byte[page.Compressed - page.LevelBytes];
        stream.Position = page.Start + page.LevelBytes;
        stream.ReadExactly(data);
        if (!page.IsCompressed || meta.Codec == CompressionCodec.UNCOMPRESSED)
            return data;
        return meta.Codec == CompressionCodec.SNAPPY
            ? Snappy.DecompressToArray(data)
            : throw Wrong($"is encoded as {page.Encoding} and compressed with {meta.Codec}, which is not read together; "
            + "compress with Snappy");
    }

    private long? Inflated(Page page)
    {
        long length = page.Compressed - page.LevelBytes;
        if (length == 0 || meta.Codec is not (CompressionCodec.SNAPPY or CompressionCodec.ZSTD))
            return null;
        // Snappy says it in a number at the beginning, Zstandard in the headers of its blocks.
        byte[] data = new byte[meta.Codec == CompressionCodec.SNAPPY ? Math.Min(length, MaxVarInt) : length];
        stream.Position = page.Start + page.Compressed - length;
        stream.ReadExactly(data);
        return meta.Codec == CompressionCodec.SNAPPY
            ? Snappy.GetUncompressedLength(data)
            : (long)Math.Min(ZstdSharp.Decompressor.GetDecompressedSize(data), long.MaxValue);
    }

    private ulong VarInt(ref ReadOnlySpan<byte> data)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if (data.IsEmpty)
                break;
            byte next = data[0];
            data = data[1..];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
        throw Wrong("has a page that ends too early");
    }

    private InvalidDataException Wrong(string what) => new($"column '{field.Name}' {what}");
}
