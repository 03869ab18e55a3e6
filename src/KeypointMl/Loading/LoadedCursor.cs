using KeypointMl.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Loading;

/// <summary>The cursor over <see cref="LoadedRows"/>.</summary>
internal sealed class LoadedCursor(DataViewSchema schema, bool[] active, LoadedRows rows) : DataViewRowCursor
{
    private long position = -1;
    private bool ended;

    public override DataViewSchema Schema => schema;

    public override long Position => ended ? -1 : position;

    public override long Batch => 0;

    public override bool MoveNext()
    {
        if (!ended && rows.MoveNext())
        {
            position++;
            return true;
        }
        ended = true;
        return false;
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) =>
    {
        CheckRow();
        id = new DataViewRowId((ulong)position, 0);
    };

    public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!active[column.Index])
            throw Getters.Inactive(column);
        ValueGetter<TValue> getter = Getters.Cast<TValue>(rows.Getter(column.Name), column);
        return (ref TValue value) =>
        {
            CheckRow();
            getter(ref value);
        };
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            ended = true;
            rows.Dispose();
        }
        base.Dispose(disposing);
    }

    private void CheckRow()
    {
        if (ended || position < 0)
            throw new InvalidOperationException("The cursor stands on no row: call MoveNext first, and stop when it returns false.");
    }
}
