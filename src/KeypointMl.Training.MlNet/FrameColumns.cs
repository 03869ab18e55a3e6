using KeypointMl.Keypoints;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Training.MlNet;

/// <summary>The columns of training or test frames, found and checked.</summary>
internal sealed class FrameColumns
{
    public FrameColumns(DataViewSchema schema, KeypointGanOptions options, Skeleton? labelled = null)
    {
        Image = ImageColumns.Find(schema, options.ImageColumnName);
        Box = options.BoxColumnName is { } box ? BoxColumns.Find(schema, box) : null;
        Video = SchemaColumns.Find(schema, options.VideoColumnName, type => type is TextDataViewType, "text (which video a frame is of)");
        Item = options.ItemColumnName is { } item
            ? SchemaColumns.Find(schema, item, type => type is TextDataViewType, "text (which subject a row shows)")
            : null;
        Frame = SchemaColumns.Find(schema, options.FrameColumnName, type => type == NumberDataViewType.Int64 || type == NumberDataViewType.Int32,
            "Int64 or Int32 (the frame's number in its video)");
        Label = labelled is null ? null : KeypointColumn.Find(schema, options.LabelColumnName, labelled);
    }

    public DataViewSchema.Column Image { get; }

    public DataViewSchema.Column? Box { get; }

    public DataViewSchema.Column Video { get; }

    public DataViewSchema.Column? Item { get; }

    public DataViewSchema.Column Frame { get; }

    public KeypointColumn? Label { get; }

    public IEnumerable<DataViewSchema.Column> All =>
        new[] { Image, Box, Video, Item, Frame, Label?.Column }.OfType<DataViewSchema.Column>();
}
