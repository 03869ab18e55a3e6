using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl;

/// <summary>The transform row by row, for <see cref="PredictionEngine{TSrc, TDst}"/>.</summary>
internal sealed class RowTransformMapper(RowMapping mapping) : IRowToRowMapper
{
    public DataViewSchema InputSchema => mapping.InputSchema;

    public DataViewSchema OutputSchema => mapping.OutputSchema;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) => mapping.Dependencies(dependingColumns);

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) =>
        new RowTransformRow(mapping, input, activeColumns.Any(mapping.IsAdded));
}
