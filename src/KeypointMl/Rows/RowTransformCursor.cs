using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Rows;

/// <summary>The input's cursor with the added column.</summary>
internal sealed class RowTransformCursor(RowMapping mapping, DataViewRowCursor input, bool[] active) : DataViewRowCursor
{
    public override DataViewSchema Schema => mapping.OutputSchema;

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override bool MoveNext() => input.MoveNext();

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!active[column.Index])
            throw Getters.Inactive(column);
        return mapping.IsAdded(column) ? mapping.CreateGetter<TValue>(input, column) : input.GetGetter<TValue>(input.Schema[column.Index]);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            input.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>What the getters of cursors and rows have in common.</summary>
internal static class Getters
{
    public static InvalidOperationException Inactive(DataViewSchema.Column column) =>
        new($"Column '{column.Name}' was not asked for when the cursor was created.");

    /// <summary>Gives a getter the type that its caller asked for.</summary>
    /// <exception cref="InvalidOperationException">The column holds another type.</exception>
    public static ValueGetter<TValue> Cast<TValue>(Delegate getter, DataViewSchema.Column column) => getter as ValueGetter<TValue>
        ?? throw WrongType<TValue>(column);

    public static InvalidOperationException WrongType<TValue>(DataViewSchema.Column column) =>
        new($"Column '{column.Name}' holds {column.Type.RawType}; a getter of {typeof(TValue)} was asked for.");
}

/// <summary>
/// The cursor of a caller that asked for no detected column: the input's own rows under the output's schema, with
/// nothing read ahead.
/// </summary>
internal sealed class PassThroughCursor(DataViewRowCursor input, DataViewSchema schema) : DataViewRowCursor
{
    public override DataViewSchema Schema => schema;

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override bool MoveNext() => input.MoveNext();

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => column.Index < input.Schema.Count
        && input.IsColumnActive(input.Schema[column.Index]);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => IsColumnActive(column)
        ? input.GetGetter<TValue>(input.Schema[column.Index])
        : throw Getters.Inactive(column);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            input.Dispose();
        base.Dispose(disposing);
    }
}
