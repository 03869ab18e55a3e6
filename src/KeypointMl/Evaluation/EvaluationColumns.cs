using KeypointMl.Keypoints;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace KeypointMl.Evaluation;

/// <summary>The columns of an evaluation, found and checked.</summary>
internal sealed class EvaluationColumns
{
    public EvaluationColumns(DataViewSchema schema, KeypointEvaluationOptions options, string predicted, string label)
    {
        Options = options;
        ArgumentException.ThrowIfNullOrEmpty(predicted);
        ArgumentException.ThrowIfNullOrEmpty(label);
        Predicted = KeypointColumn.Find(schema, predicted, options.Skeleton);
        Label = KeypointColumn.Find(schema, label, Predicted.Skeleton);
        if (options.ConfidenceColumnName is { } confidence)
            Confidence = ConfidenceColumn.Find(schema, confidence, Predicted.Skeleton);
        if (options.GroupColumnName is { } group)
            Group = SchemaColumns.Find(schema, group, type => type is TextDataViewType, "text");
        if (options.ClusterColumnName is { } cluster)
            Cluster = SchemaColumns.Find(schema, cluster, type => type is TextDataViewType, "text");
        if (options.SourceScaleColumnName is { } scale)
            SourceScale = SchemaColumns.Find(schema, scale, IsVectorOfSingle, "a vector of two floats (x, y)");
        bool hasSize = options is { ImageWidth: > 0, ImageHeight: > 0 };
        if (options.ImageColumnName is { } image)
        {
            if (options.ImageWidth is not null || options.ImageHeight is not null)
            {
                throw new ArgumentException(
                    $"{nameof(KeypointEvaluationOptions)} gives an image size and the image column '{image}'; give one of them.",
                    nameof(options));
            }
            Image = SchemaColumns.Find(schema, image, type => type is ImageDataViewType || IsVectorOfSingle(type),
                "an image, or a vector of two floats (width, height)");
        }
        else if (!hasSize)
        {
            throw new ArgumentException(
                $"{nameof(KeypointEvaluationOptions)} says {options.ImageWidth?.ToString() ?? "no width"} × "
                + $"{options.ImageHeight?.ToString() ?? "no height"}; errors are in percent of the image's size, so give "
                + $"{nameof(options.ImageWidth)} and {nameof(options.ImageHeight)}, both above 0, or {nameof(options.ImageColumnName)}.",
                nameof(options));
        }
    }

    public KeypointEvaluationOptions Options { get; }

    public KeypointColumn Predicted { get; }

    public KeypointColumn Label { get; }

    public DataViewSchema.Column? Confidence { get; }

    public DataViewSchema.Column? Group { get; }

    public DataViewSchema.Column? Cluster { get; }

    public DataViewSchema.Column? SourceScale { get; }

    public DataViewSchema.Column? Image { get; }

    public Skeleton Skeleton => Predicted.Skeleton;

    public IEnumerable<DataViewSchema.Column> Needed =>
        new[] { Predicted.Column, Label.Column, Confidence, Group, Cluster, SourceScale, Image }.OfType<DataViewSchema.Column>();

    private static bool IsVectorOfSingle(DataViewType type) =>
        type is VectorDataViewType vector && vector.ItemType == NumberDataViewType.Single;
}
