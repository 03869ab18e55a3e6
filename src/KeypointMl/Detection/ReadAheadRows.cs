using KeypointMl.Inference.Streaming;
using KeypointMl.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Detection;

/// <summary>
/// The rows that a cursor has read ahead, and their keypoints: what a <see cref="DetectionStream{TRow}"/> reads, and keeps
/// beside it by slot. The input is read on the thread that asks for rows and on no other.
/// </summary>
internal sealed class ReadAheadRows : IDisposable
{
    private const int RowsAheadPerRun = 8;

    private readonly KeypointDetectingTransformer transformer;
    private readonly DataViewRowCursor input;
    private readonly RowImageInput images;
    private readonly ReadAheadColumn?[] columns;
    private readonly ReadAheadColumn[] others;
    private readonly ReadAheadImages[] passedImages;
    private readonly ValueGetter<DataViewRowId> idGetter;
    private readonly DataViewRowId[] ids;
    private readonly long[] batchNumbers;
    private readonly Exception?[] failures;
    private readonly DetectionStream<int> stream;
    private long read;

    /// <param name="transformer">The transform, whose detector lends the memory.</param>
    /// <param name="input">The input's cursor, in which the columns wanted and those that detection reads are active.</param>
    /// <param name="isPassedThrough">For each input column, whether the caller asked for it.</param>
    public ReadAheadRows(KeypointDetectingTransformer transformer, DataViewRowCursor input, Func<int, bool> isPassedThrough)
    {
        this.transformer = transformer;
        this.input = input;
        int batchSize = transformer.BatchSize;
        // One is the caller's and one is being filled; small ones are more, or a thread that is ahead of the others
        // would find nothing left to do.
        int batches = Math.Max(transformer.ParallelRuns + 2, (RowsAheadPerRun * transformer.ParallelRuns + batchSize - 1) / batchSize);
        int capacity = batchSize * batches;
        var inputColumns = transformer.Settings.FindInputs(input.Schema);
        var all = new ReadAheadColumn?[input.Schema.Count];
        for (int i = 0; i < all.Length; i++)
        {
            if (isPassedThrough(i) || inputColumns.Include(i))
                all[i] = ReadAheadColumn.Create(input, input.Schema[i], capacity);
        }
        ReadAheadColumn image = all[inputColumns.Image.Index]!;
        var box = inputColumns.Box is { } boxColumn ? (ReadAheadVectors<float>)all[boxColumn.Index]! : null;
        columns = [.. all.Select((column, i) => isPassedThrough(i) ? column : null)];
        others = [.. all.OfType<ReadAheadColumn>().Where(column => column != image && column != box)];
        passedImages = [.. columns.OfType<ReadAheadImages>()];
        foreach (ReadAheadImages passed in passedImages)
            passed.IsPassedOn = true;
        images = RowImageInput.Create(
            new ImageInputParts(inputColumns, image, box, transformer.Detector.Contract, capacity), transformer.Options.Decoder);
        idGetter = input.GetIdGetter();
        ids = new DataViewRowId[capacity];
        batchNumbers = new long[capacity];
        failures = new Exception?[capacity];
        stream = new DetectionStream<int>(transformer.Detector, new StreamOptions(batchSize, batches, capacity)
        {
            DecodeThreads = transformer.DecodeThreads,
            ParallelRuns = transformer.ParallelRuns,
            RowsKeepPlaces = true,
        }, Read);
    }

    /// <summary>How many rows the caller can have.</summary>
    public int Count => stream.Current?.Rows ?? 0;

    /// <summary>The slot of one of them.</summary>
    public int Slot(int row) => stream.Current!.Row(row);

    /// <summary>The column of an input that the caller asked for; null where it did not.</summary>
    public ReadAheadColumn? Column(int index) => columns[index];

    public DataViewRowId Id(int slot) => ids[slot];

    /// <summary>The input's batch number: by it ML.NET puts the rows of parallel cursors in order.</summary>
    public long BatchNumber(int slot) => batchNumbers[slot];

    /// <summary>What was found in the image of one of those rows.</summary>
    public RowDetection Detection(int row) => new()
    {
        Keypoints = stream.Current!.Keypoints(row),
        Confidence = stream.Current.Confidence(row),
        Box = images.Box(Slot(row)),
        Failure = failures[Slot(row)],
    };

    /// <summary>Why one of those rows cannot be given, with its position; null where it can.</summary>
    public Exception? Obstacle(int row, long position) =>
        failures[Slot(row)] is { } e && !transformer.Marks(e) ? images.Explain(e, position) : null;

    /// <summary>Lets the present rows go and waits for the next; reads rows for the batches after them meanwhile.</summary>
    /// <returns>False at the end.</returns>
    public bool MoveOn()
    {
        if (!stream.MoveNext())
            return false;
        foreach (ReadAheadImages passed in passedImages)
        {
            for (int row = 0; row < Count; row++)
                passed.Seal(Slot(row));
        }
        return true;
    }

    public void Dispose() => stream.Dispose();

    private bool Read(StreamItem<int> item)
    {
        if (!input.MoveNext())
            return false;
        int slot = (int)(read++ % ids.Length);
        foreach (ReadAheadColumn column in others)
            column.Fill(slot);
        idGetter(ref ids[slot]);
        batchNumbers[slot] = input.Batch;
        failures[slot] = null;
        if (!images.NeedsDecoding)
            item.Add(image => (slot, TryFill(slot, image)));
        else if (TryFill(slot, default))
            item.Decode = () => item.Add(image => (slot, TryDecode(slot, image)));
        else
            item.Add(slot);
        return true;
    }

    private bool TryFill(int slot, Memory<byte> image)
    {
        try
        {
            images.Fill(slot, image.Span);
        }
        catch (Exception e) when (RowImageInput.IsAboutTheRow(e))
        {
            failures[slot] = e;
        }
        return failures[slot] is null;
    }

    private bool TryDecode(int slot, Memory<byte> image)
    {
        try
        {
            images.Decode(slot, image.Span);
        }
        catch (Exception e)
        {
            failures[slot] = e;
        }
        return failures[slot] is null;
    }
}
