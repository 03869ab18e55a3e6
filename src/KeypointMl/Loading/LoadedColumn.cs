using KeypointMl.Keypoints;
using KeypointMl.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Loading;

/// <summary>A column of loaded data.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">What its values are.</param>
/// <param name="Annotations">What it says about itself; null for nothing.</param>
internal sealed record LoadedColumn(string Name, DataViewType Type, DataViewSchema.Annotations? Annotations = null)
{
    public static LoadedColumn Text(string name) => new(name, TextDataViewType.Instance);

    public static LoadedColumn Number(string name) => new(name, NumberDataViewType.Int64);

    /// <summary>Images of one size, or of any.</summary>
    public static LoadedColumn Image(string name, (int Width, int Height)? size) => new(name, RowImages.Type(size));

    /// <summary>Boxes as <c>DetectKeypoints</c> takes them: x, y, width, height.</summary>
    public static LoadedColumn Box(
        string name) => new(
            name, new VectorDataViewType(NumberDataViewType.Single, 4), KeypointAnnotations.SlotNamesOnly("x", "y", "width", "height"));

    /// <summary>K×2 floats, in pixels of images of one size, or of any.</summary>
    public static LoadedColumn Keypoints(string name, Poses.Skeletons.Skeleton skeleton, (int Width, int Height)? size = null) =>
        new(name, new VectorDataViewType(NumberDataViewType.Single, 2 * skeleton.Count),
            KeypointAnnotations.Create(skeleton, KeypointAnnotations.PointSlots(skeleton), size));
}
