using Microsoft.ML;

namespace KeypointMl;

/// <summary>What the getters of cursors and rows have in common.</summary>
internal static class Getters
{
    public static InvalidOperationException Inactive(DataViewSchema.Column column) =>
        new($"Column '{column.Name}' was not asked for when the cursor was created.");

    /// <summary>Gives a getter the type that its caller asked for.</summary>
    /// <exception cref="InvalidOperationException">The column holds another type.</exception>
    public static ValueGetter<TValue> Cast<TValue>(Delegate getter, DataViewSchema.Column column) => getter as ValueGetter<TValue> ?? throw WrongType<TValue>(column);

    public static InvalidOperationException WrongType<TValue>(DataViewSchema.Column column) =>
        new($"Column '{column.Name}' holds {column.Type.RawType}; a getter of {typeof(TValue)} was asked for.");
}
