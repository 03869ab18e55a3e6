using KeypointMl.Imaging.Images;
using KeypointMl.Poses.Geometry;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Rows;

/// <summary>Which columns can give boxes: vectors of floats, of length 4 where the schema knows it.</summary>
internal static class BoxColumns
{
    private const string Expected = "a column of vectors of 4 floats (x, y, width, height in pixels of the image)";

    /// <exception cref="ArgumentException">The column is missing or has an unsuitable type.</exception>
    public static DataViewSchema.Column Find(DataViewSchema schema, string name) => SchemaColumns.Find(schema, name, type =>
        type is VectorDataViewType { Size: 0 or 4, ItemType: var item } && item == NumberDataViewType.Single, Expected);

    /// <exception cref="ArgumentException">The column is missing or has an unsuitable type.</exception>
    public static void Check(SchemaShape shape, string name) => SchemaColumns.CheckVector(shape, name, Expected);

    /// <summary>The box of a row.</summary>
    /// <param name="vector">The row's value.</param>
    /// <param name="column">The column's name, for messages.</param>
    /// <param name="width">Width of the row's image in pixels.</param>
    /// <param name="height">Height of the row's image in pixels.</param>
    /// <exception cref="InvalidDataException">It is no box, or lies outside the image.</exception>
    public static Box Read(in VBuffer<float> vector, string column, int width, int height)
    {
        ReadOnlySpan<float> numbers = vector.IsDense ? vector.GetValues() : vector.DenseValues().ToArray();
        if (numbers.Length != 4)
        {
            throw new InvalidDataException(
                $"the box in column '{column}' has {numbers.Length} numbers; expected 4 (x, y, width, height). "
                + "Fill the column, or filter such rows out.");
        }
        var box = new Box(numbers[0], numbers[1], numbers[2], numbers[3]);
        return BoxFaults.Find(box, width, height) is { } fault
            ? throw new InvalidDataException($"{BoxFaults.Describe(box)} in column '{column}' {fault}. Correct it, or filter such rows out.")
            : box;
    }
}

/// <summary>What can be wrong with a box that comes from outside.</summary>
internal static class BoxFaults
{
    /// <summary>
    /// Why a box cannot be looked at in an image of that size; null where it can. It may reach over the image's edge,
    /// but not lie outside of it.
    /// </summary>
    public static string? Find(Box box, int width, int height) =>
        !(float.IsFinite(box.X) && float.IsFinite(box.Y) && float.IsFinite(box.Width) && float.IsFinite(box.Height))
        ? "has a number that is not finite"
        : box.Width <= 0 || box.Height <= 0 ? "has a side that is not greater than 0"
        : !ImageCropper.CanCrop(box) ? FormattableString.Invariant($"has a number above {ImageCropper.MaxBoxSide:N0}")
        : !box.Overlaps(width, height) ? $"lies outside the {width}×{height} image"
        : null;

    /// <summary>The box as messages name it.</summary>
    public static string Describe(Box box) => FormattableString.Invariant($"the box ({box.X}, {box.Y}, {box.Width}×{box.Height})");
}
