using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl;

/// <summary>The input's cursor with the added column.</summary>
internal sealed class RowTransformCursor(RowMapping mapping, DataViewRowCursor input, bool[] active) : DataViewRowCursor
{
    public override DataViewSchema Schema => mapping.OutputSchema;

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override bool MoveNext() => input.MoveNext();

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!active[column.Index])
            throw Getters.Inactive(column);
        return mapping.IsAdded(column) ? mapping.CreateGetter<TValue>(input, column) : input.GetGetter<TValue>(input.Schema[column.Index]);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            input.Dispose();
        base.Dispose(disposing);
    }
}
