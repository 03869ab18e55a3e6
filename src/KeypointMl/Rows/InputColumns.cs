using KeypointMl.Inference.Contracts;
using Microsoft.ML;

namespace KeypointMl.Rows;

/// <summary>The columns that detection reads.</summary>
/// <param name="Image">The images.</param>
/// <param name="Box">The boxes; null where whole images are looked at.</param>
internal readonly record struct InputColumns(DataViewSchema.Column Image, DataViewSchema.Column? Box)
{
    /// <param name="schema">The input's.</param>
    /// <param name="image">The name of the images' column.</param>
    /// <param name="box">The name of the boxes' column; null where whole images are looked at.</param>
    /// <exception cref="ArgumentException">A column is missing or has an unsuitable type.</exception>
    public static InputColumns Find(DataViewSchema schema, string image, string? box) => new(
        ImageColumns.Find(schema, image),
        box is null ? null : BoxColumns.Find(schema, box));

    /// <summary>Whether detection needs the column of that index.</summary>
    public bool Include(int index) => index == Image.Index || index == Box?.Index;
}

/// <summary>What an <see cref="RowImageInput"/> is made of.</summary>
/// <param name="Columns">The columns, for messages.</param>
/// <param name="Source">The values of the image column.</param>
/// <param name="BoxSource">The values of the box column; null where whole images are looked at.</param>
/// <param name="Contract">The graph's image.</param>
/// <param name="Capacity">The number of slots.</param>
internal sealed record ImageInputParts(
    InputColumns Columns, ReadAheadColumn Source, ReadAheadVectors<float>? BoxSource, ModelContract Contract, int Capacity);
