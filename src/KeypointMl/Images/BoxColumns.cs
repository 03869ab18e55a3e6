using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl;

/// <summary>Which columns can give boxes: vectors of floats, of length 4 where the schema knows it.</summary>
internal static class BoxColumns
{
    private const string Expected = "expected a column of vectors of 4 floats (x, y, width, height in pixels of the image)";

    /// <exception cref="ArgumentException">The column is missing or has an unsuitable type.</exception>
    public static DataViewSchema.Column Find(DataViewSchema schema, string name)
    {
        DataViewSchema.Column column = schema.GetColumnOrNull(name)
            ?? throw new ArgumentException($"The data have no column '{name}' (their columns: {string.Join(", ", schema.Where(c => !c.IsHidden).Select(c => c.Name))}); {Expected}.");
        bool fits = column.Type is VectorDataViewType { Size: 0 or 4, ItemType: var item } && item == NumberDataViewType.Single;
        return fits ? column : throw new ArgumentException($"Column '{name}' is of type {column.Type}; {Expected}.");
    }

    /// <exception cref="ArgumentException">The column is missing or has an unsuitable type.</exception>
    public static void Check(SchemaShape schema, string name)
    {
        SchemaShape.Column column = schema.LastOrDefault(c => c.Name == name);
        if (column.Name is null)
            throw new ArgumentException($"The data have no column '{name}' (their columns: {string.Join(", ", schema.Select(c => c.Name))}); {Expected}.");
        if (column.IsKey || column.Kind == SchemaShape.Column.VectorKind.Scalar || column.ItemType != NumberDataViewType.Single)
            throw new ArgumentException($"Column '{name}' is of type {column.ItemType} ({column.Kind}); {Expected}.");
    }
}
