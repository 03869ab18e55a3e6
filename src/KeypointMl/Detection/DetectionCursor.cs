using System.Runtime.ExceptionServices;
using KeypointMl.Inference.Contracts;
using KeypointMl.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Detection;

/// <summary>Walks over rows that <see cref="ReadAheadRows"/> reads and detects batch by batch.</summary>
internal sealed class DetectionCursor : DataViewRowCursor
{
    private readonly ModelContract contract;
    private readonly DetectionSettings settings;
    private readonly DataViewRowCursor input;
    private readonly bool[] active;
    private readonly ReadAheadRows rows;
    private long position = -1;
    private int row = -1;
    private bool ended;
    private ExceptionDispatchInfo? stopped;

    public DetectionCursor(KeypointDetectingTransformer transformer, DataViewRowCursor input, DataViewSchema schema, bool[] active)
    {
        contract = transformer.Detector.Contract;
        settings = transformer.Settings;
        this.input = input;
        this.active = active;
        Schema = schema;
        rows = new ReadAheadRows(transformer, input, index => active[index]);
    }

    public override DataViewSchema Schema { get; }

    public override long Position => ended ? -1 : position;

    public override long Batch => ended || position < 0 ? 0 : rows.BatchNumber(Slot);

    private int Row => !ended && position >= 0
        ? row
        : throw new InvalidOperationException("The cursor stands on no row: call MoveNext first, and stop when it returns false.");

    private int Slot => rows.Slot(Row);

    /// <summary>Whether one of the columns asked for is a detected one.</summary>
    public static bool Detects(bool[] active, DataViewSchema input) => active.AsSpan(input.Count).Contains(true);

    public override bool MoveNext()
    {
        stopped?.Throw();
        if (ended)
            return false;
        try
        {
            ended = !TryMove();
            return !ended;
        }
        catch (Exception e)
        {
            // Asked again, it must not go on after the row it could not give.
            stopped = ExceptionDispatchInfo.Capture(e);
            ended = true;
            throw;
        }
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = rows.Id(Slot);

    public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!active[column.Index])
            throw Getters.Inactive(column);
        if (column.Index < input.Schema.Count)
        {
            return rows.Column(column.Index) is ReadAheadColumn<TValue> values
                ? (ref TValue value) => values.CopyTo(Slot, ref value)
                : throw Getters.WrongType<TValue>(column);
        }
        Delegate getter = settings.Columns.Kind(column.Index - input.Schema.Count) switch
        {
            DetectedColumn.Confidence =>
                (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) => rows.Detection(Row).WriteConfidence(ref value)),
            DetectedColumn.Error =>
                (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = rows.Detection(Row).Reason),
            _ => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
                rows.Detection(Row).WriteKeypoints(contract.Width, contract.Height, settings.Options.InterleaveConfidence, ref value)),
        };
        return Getters.Cast<TValue>(getter, column);
    }

    private bool TryMove()
    {
        if (row + 1 >= rows.Count)
        {
            if (!rows.MoveOn())
                return false;
            row = -1;
        }
        if (rows.Obstacle(row + 1, position + 1) is { } obstacle)
            throw obstacle;
        row++;
        position++;
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            ended = true;
            rows.Dispose();
            input.Dispose();
        }
        base.Dispose(disposing);
    }
}
