using Microsoft.ML;

namespace KeypointMl.Rows;

/// <summary>The input with the added column, computed as it is read.</summary>
internal sealed class RowTransformDataView(RowMapping mapping, IDataView input) : IDataView
{
    public DataViewSchema Schema => mapping.OutputSchema;

    public bool CanShuffle => input.CanShuffle;

    public long? GetRowCount() => input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        bool[] active = Active(columnsNeeded);
        return CreateCursor(input.GetRowCursor(Upstream(active), rand), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        bool[] active = Active(columnsNeeded);
        return Array.ConvertAll(input.GetRowCursorSet(Upstream(active), n, rand), cursor => CreateCursor(cursor, active));
    }

    private bool[] Active(IEnumerable<DataViewSchema.Column> columnsNeeded)
    {
        bool[] active = new bool[Schema.Count];
        foreach (DataViewSchema.Column column in columnsNeeded)
            active[column.Index] = true;
        return active;
    }

    private IEnumerable<DataViewSchema.Column> Upstream(bool[] active) =>
        mapping.Dependencies(Schema.Where(column => active[column.Index]));

    private DataViewRowCursor CreateCursor(DataViewRowCursor cursor, bool[] active) =>
        active[mapping.InputSchema.Count] ? new RowTransformCursor(mapping, cursor, active) : new PassThroughCursor(cursor, Schema);
}
