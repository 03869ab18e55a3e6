using System.Numerics;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Manifests;
using KeypointMl.Loading;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Training.MlNet.Loading;

/// <summary>
/// The frames of a data set's split, with labels where it has them. An image is decoded when it is asked for; nothing
/// is kept.
/// </summary>
internal sealed class FrameSetDataView : LoadedDataView
{
    public const string Image = "Image";
    public const string Video = "Video";
    public const string Frame = "Frame";
    public const string Source = "Source";
    public const string SourceFrame = "SourceFrame";
    public const string Item = "Item";
    public const string Group = "Group";
    public const string Label = "Label";

    private FrameSetDataView(IFrameSet frames, Skeleton skeleton, IReadOnlyList<Vector2[]>? labels)
        : base(Columns(frames, skeleton, labels is not null))
    {
        Frames = frames;
        Labels = labels;
        Order = frames is ISequentialFrameSet sequential ? sequential.StreamOrder : [.. Enumerable.Range(0, frames.Count)];
        ClipOf = new Clip[frames.Count];
        foreach (Clip clip in frames.Clips)
            Array.Fill(ClipOf, clip, clip.Start, clip.Length);
    }

    public IFrameSet Frames { get; }

    /// <summary>K points for each frame; null where there are no labels.</summary>
    public IReadOnlyList<Vector2[]>? Labels { get; }

    /// <summary>The frames' indices in the order of the rows.</summary>
    public IReadOnlyList<int> Order { get; }

    public Clip[] ClipOf { get; }

    public static FrameSetDataView Open(string manifestPath, string split, string? dataRoot, ManifestLoadingOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(manifestPath);
        ArgumentException.ThrowIfNullOrEmpty(split);
        DataManifest manifest = DataManifest.Load(manifestPath);
        IDataset dataset = manifest.Open(options.For(dataRoot));
        if (!(options.Labels ?? dataset.LabelledSplits.Contains(split)))
        {
            return new FrameSetDataView(manifest.Open(options.For(dataRoot) with
            {
                TrainingSplit = split,
            }).OpenTrainingFrames(), dataset.Skeleton, labels: null);
        }
        LabelledFrames labelled = dataset.OpenLabelled(split);
        return new FrameSetDataView(labelled.Frames, dataset.Skeleton, labelled.Poses);
    }

    public override long? GetRowCount() => Frames.Count;

    protected override LoadedRows OpenRows() => new FrameSetRows(this);

    private static IReadOnlyList<LoadedColumn> Columns(IFrameSet frames, Skeleton skeleton, bool labelled)
    {
        List<LoadedColumn> columns =
        [
            LoadedColumn.Image(Image, (frames.Width, frames.Height)), LoadedColumn.Text(Video), LoadedColumn.Number(Frame),
            LoadedColumn.Text(Source), LoadedColumn.Number(SourceFrame), LoadedColumn.Text(Item), LoadedColumn.Text(Group),
        ];
        if (labelled)
            columns.Add(LoadedColumn.Keypoints(Label, skeleton));
        return columns;
    }
}
