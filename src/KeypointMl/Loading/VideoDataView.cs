using KeypointMl.Imaging.Video;
using KeypointMl.Poses.Geometry;

namespace KeypointMl.Loading;

/// <summary>
/// The frames of a video, or the boxes of a tracker in them. Only what the image column, or the box column of whole
/// frames, is asked for is decoded, once for each cursor.
/// </summary>
internal sealed class VideoDataView : LoadedDataView
{
    public const string Image = "Image";
    public const string Source = "Source";
    public const string Frame = "Frame";
    public const string Item = "Item";
    public const string BoxName = "Box";

    private readonly Lazy<long?> lastFrame;

    private VideoDataView(VideoInfo video, VideoLoadingOptions options, IReadOnlyList<TrackedBox>? boxes)
        : base([LoadedColumn.Image(Image, (video.Width, video.Height)), LoadedColumn.Text(Source), LoadedColumn.Number(Frame),
            LoadedColumn.Text(Item), LoadedColumn.Box(BoxName)])
    {
        Video = video;
        Options = options;
        Boxes = boxes;
        lastFrame = new Lazy<long?>(
            () => LastAsked ?? (video.FrameCount is null ? null : LastOf(video.Path, options.FirstFrame)),
            LazyThreadSafetyMode.PublicationOnly);
    }

    public VideoInfo Video { get; }

    public VideoLoadingOptions Options { get; }

    /// <summary>In order of time; null where rows are frames.</summary>
    public IReadOnlyList<TrackedBox>? Boxes { get; }

    /// <summary>The last frame that was asked for; null where all are.</summary>
    public long? LastAsked => Boxes?[^1].Frame ?? Options.LastFrame;

    /// <summary>
    /// Null where the video does not say how many frames it has. Where it does, and all are asked for, the packets tell the last one,
    /// as the container's number may be wrong: they are read when this is first asked.
    /// </summary>
    /// <exception cref="InvalidDataException">There are fewer frames than the first one that was asked for.</exception>
    public long? LastFrame => lastFrame.Value;

    public static VideoDataView Open(string path, VideoLoadingOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        VideoInfo video = VideoProbe.Read(path);
        if (options.LastFrame < options.FirstFrame)
        {
            throw new ArgumentException(
                $"{nameof(options.LastFrame)} is {options.LastFrame}, before {nameof(options.FirstFrame)} {options.FirstFrame}.",
                nameof(options));
        }
        long asked = options.LastFrame ?? options.FirstFrame;
        if (asked >= video.FrameCount && VideoIndex.Read(path).Frames is var frames && asked >= frames)
            throw new ArgumentException(VideoIndex.Beyond(path, frames, asked), nameof(options));
        return new VideoDataView(video, options, options.Boxes is { } all ? ChooseBoxes(video, all, options) : null);
    }

    public override long? GetRowCount() => Boxes?.Count ?? (LastFrame - Options.FirstFrame) / Options.FrameStep + 1;

    /// <summary>Refuses a box that has nothing of its frame.</summary>
    /// <exception cref="InvalidDataException">It lies outside; the message says where.</exception>
    public static void CheckInside(TrackedBox tracked, int width, int height, string path)
    {
        Box box = tracked.Box;
        if (!box.Overlaps(width, height))
        {
            throw new InvalidDataException(
                $"{tracked.Where}: the box ({box.X}, {box.Y}, {box.Width}×{box.Height}) lies outside the {width}×{height} "
                + $"frames of {path}.");
        }
    }

    protected override LoadedRows OpenRows() => new VideoRows(this);

    private static long LastOf(string path, long firstFrame)
    {
        long frames = VideoIndex.Read(path).Frames;
        return firstFrame < frames ? frames - 1 : throw new InvalidDataException(VideoIndex.Beyond(path, frames, firstFrame));
    }

    private static TrackedBox[] ChooseBoxes(VideoInfo video, IReadOnlyList<TrackedBox> all, VideoLoadingOptions options)
    {
        string name = Path.GetFileName(video.Path);
        // A stable sort: the boxes of a frame stay in the order of their tracks.
        TrackedBox[] boxes =
        [
            .. all.Where(box => box.Frame >= options.FirstFrame && box.Frame <= (options.LastFrame ?? long.MaxValue))
                .Where(box => box.Source is null || box.Source == video.Path || box.Source == name)
                .Where(box => (box.Frame - options.FirstFrame) % options.FrameStep == 0)
                .OrderBy(box => box.Frame),
        ];
        if (boxes.Length == 0)
        {
            throw new InvalidDataException(
                $"None of the {all.Count} boxes is of '{name}' and of a frame that was asked for (from {options.FirstFrame}, "
                + $"every {options.FrameStep}). "
                + "Check their sources and frames.");
        }
        VideoFrameSizes? sizes = null;
        // The header may declare fewer frames than there are.
        long? frames = boxes[^1].Frame < video.FrameCount ? video.FrameCount : video.FrameCount is null ? null
            : VideoIndex.Read(video.Path).Frames;
        foreach (TrackedBox box in boxes)
        {
            if (!box.Box.Overlaps(video.Width, video.Height))
            {
                // It may lie inside all the same, where the video changes its size: only decoding tells.
                sizes ??= VideoFrameSizes.Read(video.Path, boxes[^1].Frame);
                (int width, int height) = sizes.Of(box.Frame);
                CheckInside(box, width, height, video.Path);
            }
            if (box.Frame >= frames)
            {
                throw new InvalidDataException(
                    $"{box.Where}: frame {box.Frame}, but {video.Path} has {frames} frames. Frames are numbered from 0.");
            }
        }
        return boxes;
    }
}
