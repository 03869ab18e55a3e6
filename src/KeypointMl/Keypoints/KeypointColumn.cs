using KeypointMl.Poses.Skeletons;
using KeypointMl.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Keypoints;

/// <summary>A column of keypoints, found and checked: vectors of K×2 floats (x, y) or K×3 (x, y, confidence).</summary>
/// <param name="Column">The column.</param>
/// <param name="Skeleton">Names the K keypoints.</param>
/// <param name="HasConfidence">Whether every row has three floats for each keypoint; see <see cref="IsOpen"/>.</param>
internal readonly record struct KeypointColumn(DataViewSchema.Column Column, Skeleton Skeleton, bool HasConfidence)
{
    private const string Expected = "a vector of K×2 floats (x, y in pixels), or K×3 (x, y, confidence)";

    /// <summary>Whether the schema does not say how many floats there are: each row tells whether it has two or three for a keypoint.</summary>
    public bool IsOpen => ((VectorDataViewType)Column.Type).Size == 0;

    /// <summary>The floats of a row; of an open column, those of a row without confidences.</summary>
    public int Length => Skeleton.Count * (HasConfidence ? 3 : 2);

    /// <summary>Finds a column whose skeleton is given or, if not, the one that the column says it has.</summary>
    /// <exception cref="ArgumentException">
    /// The column is missing, has another type or length, or it is not known what its keypoints are.
    /// </exception>
    public static KeypointColumn Find(DataViewSchema schema, string name, Skeleton? given)
    {
        DataViewSchema.Column column = SchemaColumns.Find(
            schema, name, type => type is VectorDataViewType { ItemType: var item } && item == NumberDataViewType.Single, Expected);
        var vector = (VectorDataViewType)column.Type;
        Skeleton? own = KeypointAnnotations.Read(column);
        Skeleton skeleton = given ?? own
            ?? throw new ArgumentException(
                $"Column '{name}' does not say what its keypoints are (DetectKeypoints attaches that); "
                + $"give the options a {nameof(Skeleton)}.");
        if (own is not null && !own.Keypoints.SequenceEqual(skeleton.Keypoints))
        {
            throw new ArgumentException(
                $"Column '{name}' has the keypoints of skeleton '{own.Name}' ({string.Join(", ", own.Keypoints.Take(5))}, "
                + $"…); expected those of '{skeleton.Name}' ({string.Join(", ", skeleton.Keypoints.Take(5))}, …).");
        }
        bool hasConfidence = vector.Size == 3 * skeleton.Count;
        if (vector.Size != 0 && vector.Size != 2 * skeleton.Count && !hasConfidence)
        {
            throw new ArgumentException(
                $"Column '{name}' holds {vector.Size} floats; skeleton '{skeleton.Name}' has {skeleton.Count} keypoints, "
                + $"which make {2 * skeleton.Count}, or {3 * skeleton.Count} with confidences.");
        }
        return new KeypointColumn(column, skeleton, hasConfidence);
    }

    /// <exception cref="ArgumentException">The column is missing or has another type.</exception>
    public static SchemaShape.Column Check(SchemaShape shape, string name) => SchemaColumns.CheckVector(shape, name, Expected);
}
