using Microsoft.ML;

namespace KeypointMl.Loading;

/// <summary>Rows that are read from somewhere, one after the other, as often as they are asked for.</summary>
internal abstract class LoadedDataView : IDataView
{
    protected LoadedDataView(IReadOnlyList<LoadedColumn> columns)
    {
        var builder = new DataViewSchema.Builder();
        foreach (LoadedColumn column in columns)
            builder.AddColumn(column.Name, column.Type, column.Annotations);
        Schema = builder.ToSchema();
    }

    public DataViewSchema Schema { get; }

    /// <summary>False: what is read in order cannot be given in another.</summary>
    public bool CanShuffle => false;

    public abstract long? GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        bool[] active = new bool[Schema.Count];
        foreach (DataViewSchema.Column column in columnsNeeded)
            active[column.Index] = true;
        return new LoadedCursor(Schema, active, OpenRows());
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    /// <summary>Starts to read from the first row. Nothing costly happens before a costly value is asked for.</summary>
    protected abstract LoadedRows OpenRows();
}
