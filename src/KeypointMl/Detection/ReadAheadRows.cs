using System.Runtime.ExceptionServices;
using KeypointMl.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Detection;

/// <summary>
/// The rows that a cursor has read ahead, and their keypoints. A ring of batches: one is the caller's, the others are
/// being decoded and run. The input is read on the thread that asks for rows and on no other.
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
    private readonly BatchWorkers workers;
    private readonly Queue<ReadAheadBatch> free;
    private readonly Queue<ReadAheadBatch> submitted = new();
    private ReadAheadBatch? current;
    private ExceptionDispatchInfo? inputFailure;
    private bool inputEnded;

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
        workers = new BatchWorkers(Decode, batch => batch.Detection.Run(batch.Rows), images.NeedsDecoding, transformer.DecodeThreads,
            transformer.ParallelRuns);
        free = new Queue<ReadAheadBatch>(batches);
        for (int i = 0; i < batches; i++)
            free.Enqueue(new ReadAheadBatch(transformer.Detector.RentBatch(batchSize), i * batchSize));
    }

    /// <summary>The rows that the caller can have, from slot <see cref="FirstSlot"/> on.</summary>
    public int Count => current?.Rows ?? 0;

    /// <summary>The first slot of those rows.</summary>
    public int FirstSlot => current?.FirstSlot ?? 0;

    /// <summary>The column of an input that the caller asked for; null where it did not.</summary>
    public ReadAheadColumn? Column(int index) => columns[index];

    public DataViewRowId Id(int slot) => ids[slot];

    /// <summary>The input's batch number: by it ML.NET puts the rows of parallel cursors in order.</summary>
    public long BatchNumber(int slot) => batchNumbers[slot];

    /// <summary>What was found in the slot's image; for the rows that the caller can have.</summary>
    public RowDetection Detection(int slot) => new()
    {
        Keypoints = current!.Detection.Keypoints(slot - current.FirstSlot),
        Confidence = current.Detection.Confidence(slot - current.FirstSlot),
        Box = images.Box(slot),
        Failure = failures[slot],
    };

    /// <summary>Why the slot's row cannot be given, with its position; null where it can.</summary>
    public Exception? Obstacle(int slot, long position) =>
        failures[slot] is { } e && !transformer.Marks(e) ? images.Explain(e, position) : null;

    /// <summary>Lets the present rows go and waits for the next; reads rows for the batches after them meanwhile.</summary>
    /// <returns>False at the end.</returns>
    public bool MoveOn()
    {
        if (current is not null)
            free.Enqueue(current);
        current = null;
        while (!inputEnded && free.TryDequeue(out ReadAheadBatch? batch))
        {
            Read(batch);
            if (batch.Rows == 0)
                break;
            submitted.Enqueue(batch);
            workers.Submit(batch);
        }
        if (!submitted.TryDequeue(out ReadAheadBatch? next))
        {
            // Rows before a failure of the input are given first.
            inputFailure?.Throw();
            return false;
        }
        workers.Wait(next);
        current = next;
        current.RunFailure?.Throw();
        return true;
    }

    public void Dispose()
    {
        workers.Stop();
        foreach (ReadAheadBatch batch in free.Concat(submitted).Append(current).OfType<ReadAheadBatch>())
            batch.Detection.Dispose();
        free.Clear();
        submitted.Clear();
        current = null;
        inputEnded = true;
    }

    private void Read(ReadAheadBatch batch)
    {
        batch.Clear();
        int slot = batch.FirstSlot;
        try
        {
            for (; batch.Rows < batch.Detection.Capacity; slot++, batch.Rows++)
            {
                if (!input.MoveNext())
                {
                    inputEnded = true;
                    break;
                }
                foreach (ReadAheadColumn column in others)
                    column.Fill(slot);
                idGetter(ref ids[slot]);
                batchNumbers[slot] = input.Batch;
                Fill(slot, batch.Detection.Image(batch.Rows).Span);
            }
        }
        catch (Exception e)
        {
            inputFailure = ExceptionDispatchInfo.Capture(e);
            inputEnded = true;
        }
        foreach (ReadAheadImages passed in passedImages)
            passed.Seal(batch.FirstSlot, batch.Rows);
    }

    private void Fill(int slot, Span<byte> destination)
    {
        failures[slot] = null;
        try
        {
            images.Fill(slot, destination);
        }
        catch (Exception e) when (RowImageInput.IsAboutTheRow(e))
        {
            failures[slot] = e;
        }
    }

    private void Decode(ReadAheadBatch batch, int row)
    {
        int slot = batch.FirstSlot + row;
        if (failures[slot] is not null)
            return;
        try
        {
            images.Decode(slot, batch.Detection.Image(row).Span);
        }
        catch (Exception e)
        {
            failures[slot] = e;
        }
    }
}
