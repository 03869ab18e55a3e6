using KeypointMl.Data.Formats.Coco;
using KeypointMl.Imaging;
using KeypointMl.Imaging.Images;
using KeypointMl.Keypoints;
using KeypointMl.Loading;
using KeypointMl.Rows;
using Microsoft.ML.Data;

namespace KeypointMl.Training.MlNet.Loading;

/// <summary>
/// The annotations of a COCO keypoints file. An image is decoded when it is asked for; the last one is kept for the
/// annotations that share it.
/// </summary>
internal sealed class CocoDataView(CocoKeypoints coco, string imageFolder, CocoLoadingOptions options) : LoadedDataView(
[
    LoadedColumn.Image(Image, size: null), LoadedColumn.Text(PathName), LoadedColumn.Number(ImageId),
        LoadedColumn.Number(AnnotationId), LoadedColumn.Box(BoxName),
    LoadedColumn.Keypoints(Label, coco.Skeleton),
    new LoadedColumn(Visibility, new VectorDataViewType(NumberDataViewType.Single, coco.Skeleton.Count),
        KeypointAnnotations.Create(coco.Skeleton, KeypointAnnotations.NameSlots(coco.Skeleton))),
])
{
    public const string Image = "Image";
    public const string PathName = "Path";
    public const string ImageId = "ImageId";
    public const string AnnotationId = "AnnotationId";
    public const string BoxName = "Box";
    public const string Label = "Label";
    public const string Visibility = "Visibility";

    public override long? GetRowCount() => coco.Annotations.Count;

    protected override LoadedRows OpenRows() => new CocoRows(coco.Annotations, imageFolder, DecoderLimits.Of(options.MaxPixels));
}

/// <summary>What <c>LoadFromCoco</c> takes out of a file.</summary>
public sealed record CocoLoadingOptions
{
    /// <summary>
    /// The name or id of the category whose annotations are loaded; null for all categories with keypoints, which must
    /// be the same ones.
    /// </summary>
    public string? Category { get; init; }

    /// <summary>The most pixels that are decoded from one image; 0 for the default of <see cref="ImageDecoderOptions"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long MaxPixels { get; init => field = Guard.AtLeast(value, 0); }
}
