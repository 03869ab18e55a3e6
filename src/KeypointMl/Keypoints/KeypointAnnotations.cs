using System.Collections.Immutable;
using KeypointMl.Poses.Skeletons;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Keypoints;

/// <summary>What a column of keypoints says about itself: the name of each slot, and the skeleton.</summary>
internal static class KeypointAnnotations
{
    /// <summary>The annotation that holds the skeleton's JSON.</summary>
    public const string Skeleton = "KeypointSkeleton";

    /// <summary>The annotation that holds width and height of the image in whose pixels the points are.</summary>
    public const string ImageSize = "KeypointImageSize";

    private const string SlotNames = "SlotNames";

    /// <summary>The names of both annotations of a column of keypoints.</summary>
    public static string[] Names => [SlotNames, Skeleton];

    /// <summary>
    /// The slots of a column of K points: <c>&lt;keypoint&gt;.x</c>, <c>&lt;keypoint&gt;.y</c> and, with a third float
    /// each, <c>&lt;keypoint&gt;.confidence</c>.
    /// </summary>
    public static ImmutableArray<ReadOnlyMemory<char>> PointSlots(Skeleton skeleton, bool withConfidence = false)
    {
        string[] parts = withConfidence ? ["x", "y", "confidence"] : ["x", "y"];
        return [.. skeleton.Keypoints.SelectMany(name => parts.Select(part => $"{name}.{part}".AsMemory()))];
    }

    /// <summary>The slots of a column with one float for each keypoint.</summary>
    public static ImmutableArray<ReadOnlyMemory<char>> NameSlots(Skeleton skeleton) =>
        [.. skeleton.Keypoints.Select(name => name.AsMemory())];

    /// <summary>Both annotations of a column, and the size of all its images where they have one.</summary>
    /// <param name="skeleton">Names the keypoints.</param>
    /// <param name="slots">The name of each slot.</param>
    /// <param name="imageSize">
    /// Width and height of the image in whose pixels the points are; null where rows differ, or none is known.
    /// </param>
    public static DataViewSchema.Annotations Create(
        Skeleton skeleton, ImmutableArray<ReadOnlyMemory<char>> slots, (int Width, int Height)? imageSize = null)
    {
        string json = skeleton.ToJson();
        var annotations = new DataViewSchema.Annotations.Builder();
        AddSlotNames(annotations, slots);
        annotations.Add(Skeleton, TextDataViewType.Instance, (ref ReadOnlyMemory<char> text) => text = json.AsMemory());
        if (imageSize is var (width, height))
        {
            annotations.Add(ImageSize, new VectorDataViewType(NumberDataViewType.Int32, 2), (ref VBuffer<int> value) =>
                value = new VBuffer<int>(2, [width, height]));
        }
        return annotations.ToAnnotations();
    }

    /// <summary>The annotations of a vector that is no pose.</summary>
    public static DataViewSchema.Annotations SlotNamesOnly(params IEnumerable<string> slots)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        AddSlotNames(annotations, [.. slots.Select(slot => slot.AsMemory())]);
        return annotations.ToAnnotations();
    }

    /// <summary>The skeleton that a column says it has; null where it says none.</summary>
    public static Skeleton? Read(DataViewSchema.Column column)
    {
        if (column.Annotations.Schema.GetColumnOrNull(Skeleton) is not { Type: TextDataViewType })
            return null;
        ReadOnlyMemory<char> json = default;
        column.Annotations.GetValue(Skeleton, ref json);
        return Poses.Skeletons.Skeleton.FromJson(json.ToString());
    }

    /// <summary>The size of the image in whose pixels a column's points are; null where it says none.</summary>
    public static (int Width, int Height)? ReadImageSize(DataViewSchema.Column column)
    {
        if (column.Annotations.Schema.GetColumnOrNull(ImageSize) is not { Type: VectorDataViewType { Size: 2, ItemType: var item } }
            || item != NumberDataViewType.Int32)
            return null;
        VBuffer<int> size = default;
        column.Annotations.GetValue(ImageSize, ref size);
        return (size.GetItemOrDefault(0), size.GetItemOrDefault(1));
    }

    private static void AddSlotNames(
        DataViewSchema.Annotations.Builder annotations, ImmutableArray<ReadOnlyMemory<char>> slots) => annotations.Add(
        SlotNames,
        new VectorDataViewType(TextDataViewType.Instance, slots.Length),
        (ref VBuffer<ReadOnlyMemory<char>> names) =>
        {
            var editor = VBufferEditor.Create(ref names, slots.Length);
            slots.CopyTo(editor.Values);
            names = editor.Commit();
        });
}
