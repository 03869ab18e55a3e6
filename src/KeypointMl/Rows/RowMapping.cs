using Microsoft.ML;

namespace KeypointMl.Rows;

/// <summary>What a <see cref="RowTransformer"/> does to rows of one schema.</summary>
internal sealed class RowMapping
{
    private readonly DataViewSchema.Column[] sources;
    private readonly Func<DataViewRow, Delegate> createGetter;

    /// <param name="input">The rows' schema.</param>
    /// <param name="added">The column that is added.</param>
    /// <param name="sources">The columns that it is computed from.</param>
    /// <param name="createGetter">Makes its getter for a row or cursor, in which those are active.</param>
    public RowMapping(
        DataViewSchema input,
        DataViewSchema.DetachedColumn added,
        IEnumerable<DataViewSchema.Column> sources,
        Func<DataViewRow, Delegate> createGetter)
    {
        InputSchema = input;
        this.sources = [.. sources];
        this.createGetter = createGetter;
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(input);
        builder.AddColumn(added.Name, added.Type, added.Annotations);
        OutputSchema = builder.ToSchema();
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    public bool IsAdded(DataViewSchema.Column column) => column.Index == InputSchema.Count;

    /// <summary>The input columns that are needed for some output columns.</summary>
    public IEnumerable<DataViewSchema.Column> Dependencies(IEnumerable<DataViewSchema.Column> outputs)
    {
        bool[] needed = new bool[OutputSchema.Count];
        foreach (DataViewSchema.Column column in outputs)
            needed[column.Index] = true;
        if (needed[InputSchema.Count])
        {
            foreach (DataViewSchema.Column source in sources)
                needed[source.Index] = true;
        }
        return InputSchema.Where(column => needed[column.Index]);
    }

    public ValueGetter<TValue> CreateGetter<TValue>(DataViewRow input, DataViewSchema.Column column) =>
        Getters.Cast<TValue>(createGetter(input), column);
}
