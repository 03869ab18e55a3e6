using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Rows;

/// <summary>
/// A transform that adds columns, computed for each row from other columns of that row alone, and only where they are
/// asked for. The base of KeypointMl's transforms.
/// </summary>
/// <remarks>
/// Thread-safe: several cursors and prediction engines may run at once. Row ids, order and the other columns stay as they are.
/// </remarks>
public abstract class RowTransformer : ITransformer
{
    private readonly SavedTransform format;
    private readonly object settings;
    private readonly (string Entry, byte[] Graph)[] graphs;

    /// <param name="outputColumnName">The column that is added, or the first of them.</param>
    /// <param name="format">The saved form.</param>
    /// <param name="settings">What is saved.</param>
    /// <param name="graphs">What is saved beside it.</param>
    private protected RowTransformer(
        string outputColumnName, SavedTransform format, object settings, params (string Entry, byte[] Graph)[] graphs)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        OutputColumnName = outputColumnName;
        this.format = format;
        this.settings = settings;
        this.graphs = graphs;
    }

    /// <summary>The column that is added; where there are several, the keypoints.</summary>
    public string OutputColumnName { get; }

    /// <summary>True: a row's values depend on that row alone.</summary>
    public bool IsRowToRowMapper => true;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">An input column is missing or has an unsuitable type.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return Extend(inputSchema);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">An input column is missing or has an unsuitable type.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return View(input);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">An input column is missing or has an unsuitable type.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return Mapper(inputSchema);
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        format.Write(ctx, settings, graphs);
    }

    /// <summary>The schema with the columns that are added.</summary>
    private protected abstract DataViewSchema Extend(DataViewSchema input);

    /// <summary>The data with the columns that are added.</summary>
    private protected abstract IDataView View(IDataView input);

    /// <summary>The transform row by row, for <see cref="PredictionEngine{TSrc, TDst}"/>.</summary>
    private protected abstract IRowToRowMapper Mapper(DataViewSchema input);
}

/// <summary>A transform that adds one column. The base of KeypointMl's transforms beside detection.</summary>
public abstract class AddedColumnTransformer : RowTransformer
{
    private protected AddedColumnTransformer(
        string outputColumnName, SavedTransform format, object settings, params (string Entry, byte[] Graph)[] graphs)
        : base(outputColumnName, format, settings, graphs)
    {
    }

    private protected sealed override DataViewSchema Extend(DataViewSchema input) => Map(input).OutputSchema;

    private protected sealed override IDataView View(IDataView input) => new RowTransformDataView(Map(input.Schema), input);

    private protected sealed override IRowToRowMapper Mapper(DataViewSchema input) => new RowTransformMapper(Map(input));

    /// <summary>Finds the columns of an input, and says what is added to them.</summary>
    private protected abstract RowMapping Map(DataViewSchema input);
}

internal sealed class RowTransformMapper(RowMapping mapping) : IRowToRowMapper
{
    public DataViewSchema InputSchema => mapping.InputSchema;

    public DataViewSchema OutputSchema => mapping.OutputSchema;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        mapping.Dependencies(dependingColumns);

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) =>
        new RowTransformRow(mapping, input, activeColumns.Any(mapping.IsAdded));
}
