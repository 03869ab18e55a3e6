using KeypointMl.Inference;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl;

/// <summary>Walks over rows that a <see cref="ReadAheadBatch"/> reads and detects batch by batch.</summary>
internal sealed class DetectionCursor : DataViewRowCursor
{
    private readonly ModelContract contract;
    private readonly DataViewRowCursor input;
    private readonly bool[] active;
    private readonly ReadAheadBatch batch;
    private long position = -1;
    private int slot = -1;
    private bool ended;

    public DetectionCursor(KeypointDetectingTransformer transformer, DataViewRowCursor input, DataViewSchema schema, bool[] active)
    {
        contract = transformer.Detector.Contract;
        this.input = input;
        this.active = active;
        Schema = schema;
        batch = new ReadAheadBatch(transformer, input, index => active[index]);
    }

    public override DataViewSchema Schema { get; }

    public override long Position => ended ? -1 : position;

    public override long Batch => ended || position < 0 ? 0 : batch.BatchNumber(slot);

    private int Slot => !ended && position >= 0 ? slot : throw new InvalidOperationException("The cursor stands on no row: call MoveNext first, and stop when it returns false.");

    /// <summary>Whether one of the columns asked for is a detected one.</summary>
    public static bool Detects(bool[] active, DataViewSchema input) => active.AsSpan(input.Count).Contains(true);

    public override bool MoveNext()
    {
        if (ended)
            return false;
        slot++;
        if (slot >= batch.Count)
        {
            // Rows before a failed one are given first.
            batch.Failure?.Throw();
            batch.Fill(position + 1);
            slot = 0;
            if (batch.Count == 0)
            {
                batch.Failure?.Throw();
                ended = true;
                return false;
            }
        }
        position++;
        return true;
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = batch.Id(Slot);

    public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!active[column.Index])
            throw Getters.Inactive(column);
        if (column.Index < input.Schema.Count)
        {
            return batch.Column(column.Index) is ReadAheadColumn<TValue> values
                ? (ref TValue value) => values.CopyTo(Slot, ref value)
                : throw Getters.WrongType<TValue>(column);
        }
        ValueGetter<VBuffer<float>> getter = column.Index == input.Schema.Count
            ? (ref VBuffer<float> value) => Getters.WriteKeypoints(batch.Keypoints(Slot), batch.Box(Slot), contract.Width, contract.Height, ref value)
            : (ref VBuffer<float> value) => Getters.Write(batch.Confidence(Slot), ref value);
        return Getters.Cast<TValue>(getter, column);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            batch.Dispose();
            input.Dispose();
            ended = true;
        }
        base.Dispose(disposing);
    }
}
