using KeypointMl.Poses.Skeletons;
using KeypointMl.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Keypoints;

/// <summary>Columns with one float for each keypoint.</summary>
internal static class ConfidenceColumn
{
    /// <exception cref="ArgumentException">The column is missing, or has another type or length.</exception>
    public static DataViewSchema.Column Find(DataViewSchema schema, string name, Skeleton skeleton) => SchemaColumns.Find(
        schema,
        name,
        type => type is VectorDataViewType { ItemType: var item, Size: var size } && item == NumberDataViewType.Single
            && (size == 0 || size == skeleton.Count),
        $"a vector of {skeleton.Count} floats, the confidences of skeleton '{skeleton.Name}'");

    /// <exception cref="ArgumentException">The column is missing or has another type.</exception>
    public static void Check(SchemaShape shape, string name) =>
        SchemaColumns.CheckVector(shape, name, "a vector of K floats, the confidences");

    /// <exception cref="InvalidDataException">The row has another number of floats.</exception>
    public static void Copy(in VBuffer<float> values, float[] confidence, string name)
    {
        if (values.Length != confidence.Length)
        {
            throw new InvalidDataException(
                $"column '{name}' holds {values.Length} confidences; expected {confidence.Length}. "
                + "Fill the column, or filter such rows out.");
        }
        values.CopyTo(confidence);
    }
}
