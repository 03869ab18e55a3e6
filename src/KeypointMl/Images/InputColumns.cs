using Microsoft.ML;

namespace KeypointMl;

/// <summary>The columns that detection reads.</summary>
/// <param name="Image">The images.</param>
/// <param name="Box">The boxes; null where whole images are looked at.</param>
internal readonly record struct InputColumns(DataViewSchema.Column Image, DataViewSchema.Column? Box)
{
    /// <exception cref="ArgumentException">A column is missing or has an unsuitable type.</exception>
    public static InputColumns Find(DataViewSchema schema, DetectionSettings settings) => new(
        ImageColumns.Find(schema, settings.InputColumn),
        settings.Options.BoxColumnName is { } box ? BoxColumns.Find(schema, box) : null);

    /// <summary>Whether detection needs the column of that index.</summary>
    public bool Include(int index) => index == Image.Index || index == Box?.Index;
}
