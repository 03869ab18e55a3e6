using KeypointMl.Rows;
using Microsoft.ML;

namespace KeypointMl.Detection;

/// <summary>The input with the detected columns, computed as they are read.</summary>
internal sealed class DetectionDataView : IDataView
{
    private readonly KeypointDetectingTransformer transformer;
    private readonly IDataView input;

    public DetectionDataView(KeypointDetectingTransformer transformer, IDataView input)
    {
        this.transformer = transformer;
        this.input = input;
        Schema = transformer.GetOutputSchema(input.Schema);
    }

    public DataViewSchema Schema { get; }

    public bool CanShuffle => input.CanShuffle;

    public long? GetRowCount() => input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        (bool[] active, DataViewSchema.Column[] upstream) = Resolve(columnsNeeded);
        return CreateCursor(input.GetRowCursor(upstream, rand), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        (bool[] active, DataViewSchema.Column[] upstream) = Resolve(columnsNeeded);
        return Array.ConvertAll(input.GetRowCursorSet(upstream, n, rand), cursor => CreateCursor(cursor, active));
    }

    private (bool[] Active, DataViewSchema.Column[] Upstream) Resolve(IEnumerable<DataViewSchema.Column> columnsNeeded)
    {
        bool[] active = new bool[Schema.Count];
        foreach (DataViewSchema.Column column in columnsNeeded)
            active[column.Index] = true;
        var inputColumns = transformer.Settings.FindInputs(input.Schema);
        bool detects = DetectionCursor.Detects(active, input.Schema);
        return (active, [.. input.Schema.Where(column => active[column.Index] || detects && inputColumns.Include(column.Index))]);
    }

    private DataViewRowCursor CreateCursor(DataViewRowCursor cursor, bool[] active)
    {
        if (!DetectionCursor.Detects(active, input.Schema))
            return new PassThroughCursor(cursor, Schema);
        try
        {
            return new DetectionCursor(transformer, cursor, Schema, active);
        }
        catch
        {
            cursor.Dispose();
            throw;
        }
    }
}
