using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace KeypointMl.Rows;

/// <summary>Which columns can give images: <see cref="MLImage"/>, text (a path), a vector of bytes (an encoded image).</summary>
internal static class ImageColumns
{
    private const string Expected = "a column of MLImage, of text (paths of image files) or of byte vectors (encoded images)";

    /// <exception cref="ArgumentException">The column is missing or has an unsuitable type.</exception>
    public static DataViewSchema.Column Find(DataViewSchema schema, string name) => SchemaColumns.Find(schema, name, type =>
        type is ImageDataViewType or TextDataViewType
            || type is VectorDataViewType { ItemType: var item } && item == NumberDataViewType.Byte, Expected);

    /// <exception cref="ArgumentException">The column is missing or has an unsuitable type.</exception>
    public static void Check(SchemaShape shape, string name) => SchemaColumns.Check(shape, name, column =>
        column.Kind == SchemaShape.Column.VectorKind.Scalar
            ? column.ItemType is ImageDataViewType or TextDataViewType
            : column.ItemType == NumberDataViewType.Byte, Expected);
}
