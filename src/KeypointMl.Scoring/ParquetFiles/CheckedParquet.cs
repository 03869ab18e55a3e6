using System.Buffers.Binary;
using Parquet;
using Parquet.Meta;
using Parquet.Schema;

namespace KeypointMl.Scoring.ParquetFiles;

/// <summary>
/// A Parquet file from anywhere. Parquet.Net does the decoding; before it sees the metadata of the file, of a column or
/// of a page, their structure was walked through here and found whole, and no size in them goes beyond the limits.
/// Whatever the library throws then is an <see cref="InvalidDataException"/> with the file's name.
/// </summary>
internal sealed class CheckedParquet : IAsyncDisposable
{
    private static ReadOnlySpan<byte> Magic => "PAR1"u8;

    private readonly string path;
    private readonly BoundedReadStream stream;
    private readonly ParquetLimits limits;
    private readonly ParquetReader reader;

    private CheckedParquet(string path, BoundedReadStream stream, ParquetLimits limits, ParquetReader reader)
    {
        this.path = path;
        this.stream = stream;
        this.limits = limits;
        this.reader = reader;
        Fields = reader.Schema.GetDataFields();
    }

    /// <summary>The columns.</summary>
    public IReadOnlyList<DataField> Fields { get; }

    /// <summary>What whoever wrote the file says about it, by name.</summary>
    public IReadOnlyDictionary<string, string> Metadata => reader.CustomMetadata;

    /// <summary>How many row groups there are.</summary>
    public int RowGroups => reader.RowGroupCount;

    /// <summary>Opens a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no Parquet file, damaged, or beyond the limits; the message says how.</exception>
    public static async Task<CheckedParquet> OpenAsync(string path, ParquetLimits limits, CancellationToken cancellation)
    {
        var stream = new BoundedReadStream(File.OpenRead(path));
        try
        {
            return await GuardAsync(path, async () =>
            {
                stream.Allow(ParquetLimits.Footer + 64);
                CheckFooter(stream, limits);
                stream.Allow(ParquetLimits.Footer + 64);
                ParquetReader reader = await ParquetReader.CreateAsync(stream, cancellationToken: cancellation).ConfigureAwait(false);
                return new CheckedParquet(path, stream, limits, reader);
            }).ConfigureAwait(false);
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>How many rows a row group has.</summary>
    /// <exception cref="InvalidDataException">More than the limit.</exception>
    public int RowsOf(int group)
    {
        long rows = reader.OpenRowGroupReader(group).RowCount;
        return rows >= 0 && rows <= limits.Rows
            ? (int)rows
            : throw Damaged(path,
                $"row group {group} says that it has {rows:N0} rows; at most {limits.Rows:N0} are read. "
                + "Write the file with smaller row groups");
    }

    /// <summary>A column of a row group as texts; null where there is none.</summary>
    /// <exception cref="InvalidDataException">It is damaged or beyond the limits.</exception>
    public async Task<string?[]> ReadTextsAsync(int group, DataField field, CancellationToken cancellation)
    {
        (ReadOnlyMemory<char>[] values, int[]? levels) =
            await ReadAsync<ReadOnlyMemory<char>>(group, field, cancellation).ConfigureAwait(false);
        // Of a dictionary the same text comes again and again: it is made once where it does so in a row, and not without end.
        var last = default(ReadOnlyMemory<char>);
        string made = "";
        long characters = 0;
        return Spread<ReadOnlyMemory<char>, string?>(values, levels, Make, null);

        string Make(ReadOnlyMemory<char> text)
        {
            if (text.Equals(last))
                return made;
            if ((characters += text.Length) > limits.ColumnBytes)
            {
                string much = $"more than {limits.ColumnBytes:N0} characters in one row group";
                throw Damaged(path, $"the texts of column '{field.Name}' have {much}; write the file with smaller row groups");
            }
            return made = (last = text).ToString();
        }
    }

    /// <summary>A column of a row group as numbers; null where there is none.</summary>
    /// <exception cref="InvalidDataException">It is damaged or beyond the limits.</exception>
    public async Task<T?[]> ReadNumbersAsync<T>(int group, DataField field, CancellationToken cancellation)
        where T : struct
    {
        (T[] values, int[]? levels) = await ReadAsync<T>(group, field, cancellation).ConfigureAwait(false);
        return Spread<T, T?>(values, levels, value => value, null);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await reader.DisposeAsync().ConfigureAwait(false);
        await stream.DisposeAsync().ConfigureAwait(false);
    }

    private static TOut[] Spread<TIn, TOut>(TIn[] values, int[]? levels, Func<TIn, TOut> convert, TOut absent)
    {
        if (levels is null)
            return Array.ConvertAll(values, value => convert(value));
        var rows = new TOut[levels.Length];
        int next = 0;
        for (int i = 0; i < rows.Length; i++)
            rows[i] = levels[i] > 0 ? convert(values[next++]) : absent;
        return rows;
    }

    private Task<(T[] Values, int[]? Levels)> ReadAsync<T>(int number, DataField field, CancellationToken cancellation)
        where T : struct => GuardAsync(path, async () =>
        {
            int rows = RowsOf(number);
            if (field.MaxRepetitionLevel > 0 || field.MaxDefinitionLevel > 1)
                throw new InvalidDataException($"column '{field.Name}' is a list or part of a group; expected a plain column");
            ParquetRowGroupReader group = reader.OpenRowGroupReader(number);
            ColumnMetaData meta = group.GetMetadata(field)?.MetaData
                ?? throw new InvalidDataException($"row group {number} has no column '{field.Name}'");
            long bytes = new ParquetPages(stream, meta, field, rows, limits).Check();
            var values = new T[rows];
            int[]? levels = field.MaxDefinitionLevel > 0 ? new int[rows] : null;
            stream.Allow(bytes);
            // A bare null would be converted by way of an array: to memory that is there and empty.
            Memory<int>? levelMemory = levels is null ? (Memory<int>?)null : levels.AsMemory();
            await group.ReadRawAsync(field, values.AsMemory(), levelMemory, null, cancellation).ConfigureAwait(false);
            return (values, levels);
        });

    private static void CheckFooter(Stream stream, ParquetLimits limits)
    {
        if (stream.Length < 12)
            throw new InvalidDataException("it is too short");
        Span<byte> end = stackalloc byte[8];
        stream.Position = 0;
        stream.ReadExactly(end[..4]);
        bool magic = end[..4].SequenceEqual(Magic);
        stream.Position = stream.Length - end.Length;
        stream.ReadExactly(end);
        if (!magic || !end[4..].SequenceEqual(Magic))
            throw new InvalidDataException("it does not begin and end with PAR1; was it copied completely?");
        int length = BinaryPrimitives.ReadInt32LittleEndian(end);
        if (length < 1 || length > ParquetLimits.Footer || length > stream.Length - 12)
        {
            throw new InvalidDataException(
                $"its metadata say that they have {length:N0} bytes, of {stream.Length:N0} of the file and at most "
                + $"{ParquetLimits.Footer:N0}");
        }
        byte[] footer = new byte[length];
        stream.Position = stream.Length - end.Length - length;
        stream.ReadExactly(footer);
        var children = new List<long>();
        var walker = new ThriftWalker(footer, (structure, numbers) =>
        {
            if (structure == "SchemaElement")
                children.Add(numbers.GetValueOrDefault((short)5));
        });
        walker.Walk(ThriftLayout.Footer);
        CheckSchema(children, limits);
    }

    // The tree of columns stands there in the order in which one walks through it, each with the number of its children.
    private static void CheckSchema(List<long> children, ParquetLimits limits)
    {
        if (children.Count < 2 || children.Count > limits.Columns)
            throw new InvalidDataException($"it has {Math.Max(children.Count - 1, 0)} columns; expected 1 to {limits.Columns:N0}");
        var open = new Stack<long>();
        for (int i = 0; i < children.Count; i++)
        {
            if (i > 0 && open.Count == 0)
                throw new InvalidDataException("its columns form no tree");
            if (i > 0)
                open.Push(open.Pop() - 1);
            if (children[i] < 0 || children[i] >= children.Count)
                throw new InvalidDataException("its columns form no tree");
            if (children[i] > 0)
                open.Push(children[i]);
            if (open.Count > ParquetLimits.SchemaDepth)
                throw new InvalidDataException($"its columns are nested deeper than {ParquetLimits.SchemaDepth} levels");
            while (open.Count > 0 && open.Peek() == 0)
                open.Pop();
        }
        if (open.Count > 0)
            throw new InvalidDataException("its columns form no tree");
    }

    private static async Task<T> GuardAsync<T>(string path, Func<Task<T>> read)
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (InvalidDataException error) when (error.Message.StartsWith(path, StringComparison.Ordinal))
        {
            throw;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // The library reports damage by whatever its decoders run into.
            throw Damaged(path, error.Message.TrimEnd('.'), error);
        }
    }

    private static InvalidDataException Damaged(string path, string reason, Exception? cause = null) =>
        new($"{path} is no usable Parquet file ({reason}).", cause);
}

/// <summary>How much of a Parquet file is taken into memory at a time.</summary>
/// <param name="Rows">Rows of a row group.</param>
/// <param name="ColumnBytes">Bytes of a column of a row group when decompressed.</param>
/// <param name="Columns">Columns.</param>
internal sealed record ParquetLimits(int Rows, long ColumnBytes, int Columns)
{
    /// <summary>Bytes of the metadata at the end of a file.</summary>
    public const int Footer = 64 << 20;

    /// <summary>Bytes of the metadata of a page, which may hold its smallest and largest value.</summary>
    public const int PageHeader = 1 << 20;

    /// <summary>Groups of columns inside each other.</summary>
    public const int SchemaDepth = 16;

    /// <summary>For a list of paths, written by any tool: 8 million rows and 512 MiB in a row group.</summary>
    public static ParquetLimits Paths { get; } = new(8 << 20, 512 << 20, 20_000);

    /// <summary>
    /// For predictions, which are written with 5,000 rows in a row group: 131,072 rows, what other tools make of them
    /// at most.
    /// </summary>
    public static ParquetLimits Predictions { get; } = new(1 << 17, 64 << 20, 20_000);
}
