using KeypointMl.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Detection;

/// <summary>Detection row by row, for <see cref="PredictionEngine{TSrc, TDst}"/>.</summary>
internal sealed class DetectionRowMapper : IRowToRowMapper
{
    private readonly KeypointDetectingTransformer transformer;
    private readonly InputColumns inputColumns;

    public DetectionRowMapper(KeypointDetectingTransformer transformer, DataViewSchema inputSchema)
    {
        this.transformer = transformer;
        InputSchema = inputSchema;
        inputColumns = transformer.Settings.FindInputs(inputSchema);
        OutputSchema = transformer.GetOutputSchema(inputSchema);
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        bool[] needed = new bool[OutputSchema.Count];
        foreach (DataViewSchema.Column column in dependingColumns)
            needed[column.Index] = true;
        bool detects = DetectionCursor.Detects(needed, InputSchema);
        return InputSchema.Where(column => needed[column.Index] || detects && inputColumns.Include(column.Index));
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        bool[] active = new bool[OutputSchema.Count];
        foreach (DataViewSchema.Column column in activeColumns)
            active[column.Index] = true;
        return new DetectionRow(transformer, input, OutputSchema, active);
    }
}
