using KeypointMl.Data;
using Microsoft.ML.Data;

namespace KeypointMl;

/// <summary>The annotations of a COCO keypoints file. An image is decoded when it is asked for; the last one is kept for the annotations that share it.</summary>
internal sealed class CocoDataView(CocoKeypoints coco, string imageFolder, CocoLoadingOptions options) : LoadedDataView(
[
    LoadedColumn.Image(Image, size: null), LoadedColumn.Text(PathName), LoadedColumn.Number(ImageId), LoadedColumn.Number(AnnotationId), LoadedColumn.Box(BoxName),
    LoadedColumn.Keypoints(Label, coco.Skeleton),
    new LoadedColumn(Visibility, new VectorDataViewType(NumberDataViewType.Single, coco.Skeleton.Count), KeypointAnnotations.Create(coco.Skeleton, KeypointAnnotations.NameSlots(coco.Skeleton))),
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
