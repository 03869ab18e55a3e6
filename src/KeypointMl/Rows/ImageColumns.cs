using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace KeypointMl.Rows;

/// <summary>Which columns can give images: <see cref="MLImage"/>, text (a path), a vector of bytes (an encoded image).</summary>
internal static class ImageColumns
{
    private const string Expected = "expected a column of MLImage, of text (paths of image files) or of byte vectors (encoded images)";

    /// <exception cref="ArgumentException">The column is missing or has an unsuitable type.</exception>
    public static DataViewSchema.Column Find(DataViewSchema schema, string name)
    {
        DataViewSchema.Column column = schema.GetColumnOrNull(name)
            ?? throw Missing(name, schema.Where(c => !c.IsHidden).Select(c => c.Name));
        bool fits = column.Type is ImageDataViewType or TextDataViewType
            || column.Type is VectorDataViewType { ItemType: var item } && item == NumberDataViewType.Byte;
        return fits ? column : throw Unsuitable(name, column.Type.ToString()!);
    }

    /// <exception cref="ArgumentException">The column is missing or has an unsuitable type.</exception>
    public static void Check(SchemaShape schema, string name)
    {
        SchemaShape.Column column = schema.LastOrDefault(c => c.Name == name);
        if (column.Name is null)
            throw Missing(name, schema.Select(c => c.Name));
        bool scalar = column.Kind == SchemaShape.Column.VectorKind.Scalar;
        bool fits = !column.IsKey
            && (scalar ? column.ItemType is ImageDataViewType or TextDataViewType : column.ItemType == NumberDataViewType.Byte);
        if (!fits)
            throw Unsuitable(name, $"{column.ItemType} ({column.Kind})");
    }

    private static ArgumentException Missing(string name, IEnumerable<string> present) =>
        new($"The data have no column '{name}' (their columns: {string.Join(", ", present)}); {Expected}.");

    private static ArgumentException Unsuitable(string name, string type) => new($"Column '{name}' is of type {type}; {Expected}.");
}
