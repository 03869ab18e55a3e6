using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Rows;

/// <summary>The input's row with the added column.</summary>
internal sealed class RowTransformRow(RowMapping mapping, DataViewRow input, bool isAddedActive) : DataViewRow
{
    public override DataViewSchema Schema => mapping.OutputSchema;

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) =>
        mapping.IsAdded(column) ? isAddedActive : input.IsColumnActive(input.Schema[column.Index]);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!mapping.IsAdded(column))
            return input.GetGetter<TValue>(input.Schema[column.Index]);
        return isAddedActive ? mapping.CreateGetter<TValue>(input, column) : throw Getters.Inactive(column);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            input.Dispose();
        base.Dispose(disposing);
    }
}
