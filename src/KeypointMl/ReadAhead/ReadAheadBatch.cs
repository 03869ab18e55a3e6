using System.Runtime.ExceptionServices;
using KeypointMl.Inference;
using KeypointMl.Poses;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl;

/// <summary>
/// The rows that a cursor has read ahead, and their keypoints: reads rows one after the other, decodes them on several threads, runs the graph once.
/// </summary>
internal sealed class ReadAheadBatch : IDisposable
{
    private readonly DataViewRowCursor input;
    private readonly ImageInput images;
    private readonly DetectorBatch detection;
    private readonly ReadAheadColumn?[] columns;
    private readonly ReadAheadColumn[] filled;
    private readonly ValueGetter<DataViewRowId> idGetter;
    private readonly DataViewRowId[] ids;
    private readonly long[] batches;
    private readonly Exception?[] failures;
    private readonly int decodeThreads;

    /// <param name="transformer">The transform, whose detector lends the memory.</param>
    /// <param name="input">The input's cursor, in which the columns wanted and the image column are active.</param>
    /// <param name="isPassedThrough">For each input column, whether the caller asked for it.</param>
    public ReadAheadBatch(KeypointDetectingTransformer transformer, DataViewRowCursor input, Func<int, bool> isPassedThrough)
    {
        this.input = input;
        int capacity = transformer.Options.BatchSize;
        columns = new ReadAheadColumn?[input.Schema.Count];
        for (int i = 0; i < columns.Length; i++)
        {
            if (isPassedThrough(i))
                columns[i] = ReadAheadColumn.Create(input, input.Schema[i], capacity);
        }
        DataViewSchema.Column imageColumn = ImageColumns.Find(input.Schema, transformer.InputColumnName);
        ReadAheadColumn source = columns[imageColumn.Index] ?? ReadAheadColumn.Create(input, imageColumn, capacity);
        if (source is ReadAheadImages images)
            images.IsPassedOn = columns[imageColumn.Index] is not null;
        filled = [.. columns.OfType<ReadAheadColumn>().Append(source).Distinct()];
        this.images = ImageInput.Create(source, imageColumn.Name, transformer.Options.Decoder, transformer.Detector.Contract, capacity);
        idGetter = input.GetIdGetter();
        ids = new DataViewRowId[capacity];
        batches = new long[capacity];
        failures = new Exception?[capacity];
        decodeThreads = transformer.Options.EffectiveDecodeThreads;
        detection = transformer.Detector.RentBatch(capacity);
    }

    /// <summary>The rows that are ready, from slot 0.</summary>
    public int Count { get; private set; }

    /// <summary>What stopped reading after those rows; null where nothing did.</summary>
    public ExceptionDispatchInfo? Failure { get; private set; }

    /// <summary>The column of an input that the caller asked for; null where it did not.</summary>
    public ReadAheadColumn? Column(int index) => columns[index];

    public DataViewRowId Id(int slot) => ids[slot];

    /// <summary>The input's batch number: by it ML.NET puts the rows of parallel cursors in order.</summary>
    public long BatchNumber(int slot) => batches[slot];

    public Box Box(int slot) => images.Box(slot);

    public ReadOnlySpan<float> Keypoints(int slot) => detection.Keypoints(slot);

    public ReadOnlySpan<float> Confidence(int slot) => detection.Confidence(slot);

    /// <summary>Reads, decodes and detects the next rows.</summary>
    /// <param name="firstPosition">The position of the first of them, for messages.</param>
    public void Fill(long firstPosition)
    {
        int rows = ReadRows(firstPosition);
        Count = Decode(rows, firstPosition);
        if (Count > 0)
            detection.Run(Count);
    }

    public void Dispose() => detection.Dispose();

    private int ReadRows(long firstPosition)
    {
        int slot = 0;
        try
        {
            while (slot < detection.Capacity && input.MoveNext())
            {
                foreach (ReadAheadColumn column in filled)
                    column.Fill(slot);
                idGetter(ref ids[slot]);
                batches[slot] = input.Batch;
                images.Take(slot, detection.Image(slot).Span);
                slot++;
            }
        }
        catch (Exception e)
        {
            Failure = ExceptionDispatchInfo.Capture(images.Explain(e, firstPosition + slot));
        }
        return slot;
    }

    private int Decode(int rows, long firstPosition)
    {
        if (!images.NeedsDecoding)
            return rows;
        Array.Clear(failures);
        if (decodeThreads == 1 || rows == 1)
        {
            for (int slot = 0; slot < rows; slot++)
                TryDecode(slot);
        }
        else
        {
            Parallel.For(0, rows, new ParallelOptions { MaxDegreeOfParallelism = decodeThreads }, TryDecode);
        }
        int failed = Array.FindIndex(failures, 0, rows, failure => failure is not null);
        if (failed < 0)
            return rows;
        Failure = ExceptionDispatchInfo.Capture(images.Explain(failures[failed]!, firstPosition + failed));
        return failed;
    }

    private void TryDecode(int slot)
    {
        try
        {
            images.Decode(slot, detection.Image(slot).Span);
        }
        catch (Exception e)
        {
            failures[slot] = e;
        }
    }
}
