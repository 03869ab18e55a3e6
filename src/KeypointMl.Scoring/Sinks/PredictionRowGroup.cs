using KeypointMl.Poses.Geometry;
using KeypointMl.Scoring.Rows;
using Parquet;
using Parquet.Schema;

namespace KeypointMl.Scoring.Sinks;

/// <summary>
/// Rows on their way into a Parquet row group, column by column in memory that is used again: rows themselves are not
/// kept, so that none of them grows old with the garbage collector. Columns stand here in the order of
/// <see cref="Schema"/>.
/// </summary>
internal sealed class PredictionRowGroup
{
    /// <summary>The most values of a row group: what is written must be readable again.</summary>
    public const int MaxValues = 16 << 20;

    private const int MostRows = 5000;

    private readonly PredictionColumns columns;
    private readonly string[] source;
    private readonly long[] frame;
    private readonly string[] item;
    private readonly float?[][] box;
    private readonly string[] status;
    private readonly string?[] error;
    private readonly int?[][] size; // none where the frames' sizes are not written
    private readonly float?[][] numbers;

    /// <summary>An empty group.</summary>
    /// <param name="columns">The columns of numbers.</param>
    /// <param name="frameSizes">Whether the frames' sizes stand behind them.</param>
    public PredictionRowGroup(PredictionColumns columns, bool frameSizes)
    {
        this.columns = columns;
        IReadOnlyList<string> sizes = frameSizes ? PredictionColumns.FrameSize : [];
        Schema = new ParquetSchema(
        [
            new DataField<string>("source", nullable: false),
            new DataField<long>("frame"),
            new DataField<string>("item", nullable: false),
            .. new[] { "box.x", "box.y", "box.width", "box.height" }.Select(name => new DataField<float?>(name)),
            new DataField<string>("status", nullable: false),
            new DataField<string>("error", nullable: true),
            .. columns.Numbers.Select(name => new DataField<float?>(name)),
            .. sizes.Select(name => new DataField<int?>(name)),
        ]);
        Capacity = Math.Clamp(MaxValues / Schema.Fields.Count, 1, MostRows);
        (source, frame, item) = (new string[Capacity], new long[Capacity], new string[Capacity]);
        (status, error) = (new string[Capacity], new string?[Capacity]);
        (box, numbers, size) = (Columns<float?>(4), Columns<float?>(columns.Numbers.Count), Columns<int?>(sizes.Count));

        T[][] Columns<T>(int count) => [.. Enumerable.Range(0, count).Select(_ => new T[Capacity])];
    }

    /// <summary>How many rows there is room for.</summary>
    public int Capacity { get; }

    /// <summary>The columns' names and types.</summary>
    public ParquetSchema Schema { get; }

    /// <summary>What the file says about itself.</summary>
    public Dictionary<string, string> Metadata => new() { [PredictionColumns.SkeletonKey] = columns.Skeleton.ToJson() };

    /// <summary>How many rows there are.</summary>
    public int Count { get; private set; }

    /// <summary>Whether there is no room left.</summary>
    public bool IsFull => Count == Capacity;

    /// <summary>Takes a row.</summary>
    public void Add(PredictionRow row)
    {
        int i = Count++;
        (source[i], frame[i], item[i], status[i], error[i]) = (row.Source, row.Frame, row.Item, row.StatusText, row.Error);
        Box? where = row.Box;
        (box[0][i], box[1][i], box[2][i], box[3][i]) = (where?.X, where?.Y, where?.Width, where?.Height);
        if (size.Length > 0)
            (size[0][i], size[1][i]) = (SizeOf(row.FrameWidth), SizeOf(row.FrameHeight));
        for (int number = 0; number < numbers.Length; number++)
            numbers[number][i] = columns.Number(row, number);
    }

    /// <summary>Writes the rows as a row group, and is empty then.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public async Task WriteAsync(ParquetWriter writer, CancellationToken cancellation)
    {
        using ParquetRowGroupWriter group = writer.CreateRowGroup();
        var next = new Queue<DataField>(Schema.GetDataFields());
        await group.WriteAsync(next.Dequeue(), Texts(source)).ConfigureAwait(false);
        await group.WriteAsync<long>(next.Dequeue(), frame.AsMemory(0, Count), cancellationToken: cancellation).ConfigureAwait(false);
        await group.WriteAsync(next.Dequeue(), Texts(item)).ConfigureAwait(false);
        foreach (float?[] values in box)
            await group.WriteAsync<float>(next.Dequeue(), values.AsMemory(0, Count), cancellationToken: cancellation).ConfigureAwait(false);
        await group.WriteAsync(next.Dequeue(), Texts(status)).ConfigureAwait(false);
        await group.WriteAsync(next.Dequeue(), Texts(error!)).ConfigureAwait(false);
        foreach (float?[] values in numbers)
            await group.WriteAsync<float>(next.Dequeue(), values.AsMemory(0, Count), cancellationToken: cancellation).ConfigureAwait(false);
        foreach (int?[] values in size)
            await group.WriteAsync<int>(next.Dequeue(), values.AsMemory(0, Count), cancellationToken: cancellation).ConfigureAwait(false);
        group.CompleteValidate();
        Clear();
    }

    /// <summary>Forgets the rows.</summary>
    public void Clear() => Count = 0;

    private ArraySegment<string> Texts(string[] values) => new(values, 0, Count);

    // What could not be read has no size.
    private static int? SizeOf(int side) => side > 0 ? side : null;
}
