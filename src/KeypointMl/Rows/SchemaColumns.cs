using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Rows;

/// <summary>Finds columns by name and checks their types; what is missing or unsuitable is told in one way.</summary>
internal static class SchemaColumns
{
    /// <summary>Finds a column of data.</summary>
    /// <param name="schema">The data's.</param>
    /// <param name="name">The column's name.</param>
    /// <param name="fits">Whether a type will do.</param>
    /// <param name="expected">What will do, for messages.</param>
    /// <exception cref="ArgumentException">The column is missing or has an unsuitable type.</exception>
    public static DataViewSchema.Column Find(DataViewSchema schema, string name, Func<DataViewType, bool> fits, string expected)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        DataViewSchema.Column column = schema.GetColumnOrNull(name)
            ?? throw Missing(name, schema.Where(c => !c.IsHidden).Select(c => c.Name), expected);
        return fits(column.Type) ? column : throw Unsuitable(name, $"{column.Type}", expected);
    }

    /// <summary>Finds a column in what an estimator is told of data that are not there yet.</summary>
    /// <param name="shape">What it is told.</param>
    /// <param name="name">The column's name.</param>
    /// <param name="fits">Whether a column that is no key will do.</param>
    /// <param name="expected">What will do, for messages.</param>
    /// <exception cref="ArgumentException">The column is missing or has an unsuitable type.</exception>
    public static SchemaShape.Column Check(SchemaShape shape, string name, Func<SchemaShape.Column, bool> fits, string expected)
    {
        SchemaShape.Column column = shape.LastOrDefault(c => c.Name == name);
        if (column.Name is null)
            throw Missing(name, shape.Select(c => c.Name), expected);
        return !column.IsKey && fits(column) ? column : throw Unsuitable(name, $"{column.ItemType} ({column.Kind})", expected);
    }

    /// <summary>As <see cref="Check"/>, of vectors of floats.</summary>
    public static SchemaShape.Column CheckVector(SchemaShape shape, string name, string expected) => Check(
        shape, name, column => column.Kind != SchemaShape.Column.VectorKind.Scalar && column.ItemType == NumberDataViewType.Single, expected);

    private static ArgumentException Missing(string name, IEnumerable<string> present, string expected) =>
        new($"The data have no column '{name}' (their columns: {string.Join(", ", present)}); expected {expected}.");

    private static ArgumentException Unsuitable(string name, string type, string expected) =>
        new($"Column '{name}' is of type {type}; expected {expected}.");
}
