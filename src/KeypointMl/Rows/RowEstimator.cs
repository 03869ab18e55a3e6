using Microsoft.ML;

namespace KeypointMl.Rows;

/// <summary>An estimator that learns nothing: it checks the columns, and makes its transformer. The base of KeypointMl's.</summary>
/// <typeparam name="TTransformer">What it makes.</typeparam>
public abstract class RowEstimator<TTransformer> : IEstimator<TTransformer>
    where TTransformer : RowTransformer
{
    private protected RowEstimator()
    {
    }

    /// <summary>
    /// Makes the transformer: checks the input's columns, takes from them which keypoints they hold, and creates the
    /// sessions of the graphs, where it has any. Nothing is learnt.
    /// </summary>
    /// <param name="input">Data whose schema has the input columns.</param>
    /// <exception cref="ArgumentException">
    /// A column is missing or unsuitable, it is not known which keypoints it holds, or they do not go with the options.
    /// </exception>
    /// <exception cref="NotSupportedException">
    /// The device was asked for by name and is not available, or cannot hold the graph.
    /// </exception>
    public TTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Make(input.Schema);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">An input column is missing or has an unsuitable type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        SchemaShape.Column[] added = [.. Describe(inputSchema)];
        // A new column takes the place of one of its name.
        return new SchemaShape(inputSchema.Where(column => added.All(other => other.Name != column.Name)).Concat(added));
    }

    /// <summary>Checks the columns, and makes the transformer.</summary>
    private protected abstract TTransformer Make(DataViewSchema input);

    /// <summary>Checks the columns, and describes those that are added.</summary>
    private protected abstract IEnumerable<SchemaShape.Column> Describe(SchemaShape input);
}
