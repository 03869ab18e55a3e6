using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Rows;

/// <summary>
/// A transform that adds one column, computed for each row from other columns of that row alone, and only where it is
/// asked for. The base of KeypointMl's transforms beside detection.
/// </summary>
/// <remarks>
/// Thread-safe: several cursors and prediction engines may run at once. Row ids, order and the other columns stay as they are.
/// </remarks>
public abstract class RowTransformer : ITransformer
{
    private protected RowTransformer(string outputColumnName)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        OutputColumnName = outputColumnName;
    }

    /// <summary>The column that is added.</summary>
    public string OutputColumnName { get; }

    /// <summary>True: a row's value depends on that row alone.</summary>
    public bool IsRowToRowMapper => true;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">An input column is missing or has an unsuitable type.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return Map(inputSchema).OutputSchema;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">An input column is missing or has an unsuitable type.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new RowTransformDataView(Map(input.Schema), input);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">An input column is missing or has an unsuitable type.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new RowTransformMapper(Map(inputSchema));
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        Save(ctx);
    }

    /// <summary>Finds the columns of an input, and says what is added to them.</summary>
    private protected abstract RowMapping Map(DataViewSchema input);

    private protected abstract void Save(ModelSaveContext context);
}

/// <summary>The transform row by row, for <see cref="PredictionEngine{TSrc, TDst}"/>.</summary>
internal sealed class RowTransformMapper(RowMapping mapping) : IRowToRowMapper
{
    public DataViewSchema InputSchema => mapping.InputSchema;

    public DataViewSchema OutputSchema => mapping.OutputSchema;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        mapping.Dependencies(dependingColumns);

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) =>
        new RowTransformRow(mapping, input, activeColumns.Any(mapping.IsAdded));
}

/// <summary>What the estimators do with the shape of a schema.</summary>
internal static class SchemaShapeExtensions
{
    /// <summary>The shape with a column added, or put in the place of one of that name.</summary>
    public static SchemaShape With(this SchemaShape shape, SchemaShape.Column added) =>
        new(shape.Where(column => column.Name != added.Name).Append(added));
}
