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

    private VideoDataView(VideoInfo video, VideoLoadingOptions options, IReadOnlyList<TrackedBox>? boxes)
        : base([LoadedColumn.Image(Image, (video.Width, video.Height)), LoadedColumn.Text(Source), LoadedColumn.Number(Frame),
            LoadedColumn.Text(Item), LoadedColumn.Box(BoxName)])
    {
        Video = video;
        Options = options;
        Boxes = boxes;
        // Exact also where the container's number is wrong: a cursor that is asked for images and finds fewer throws.
        LastFrame = boxes?[^1].Frame ?? options.LastFrame ?? video.FrameCount - 1;
    }

    public VideoInfo Video { get; }

    public VideoLoadingOptions Options { get; }

    /// <summary>In order of time; null where rows are frames.</summary>
    public IReadOnlyList<TrackedBox>? Boxes { get; }

    /// <summary>Null where the video does not say how many frames it has.</summary>
    public long? LastFrame { get; }

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
        if (video.FrameCount is long frames && (options.LastFrame ?? options.FirstFrame) >= frames)
        {
            throw new ArgumentException(
                $"{path} has {frames} frames; frame {options.LastFrame ?? options.FirstFrame} was asked for. "
                + "Frames are numbered from 0.", nameof(options));
        }
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
        foreach (TrackedBox box in boxes)
        {
            if (!box.Box.Overlaps(video.Width, video.Height))
            {
                // It may lie inside all the same, where the video changes its size: only decoding tells.
                sizes ??= VideoFrameSizes.Read(video.Path, boxes[^1].Frame);
                (int width, int height) = sizes.Of(box.Frame);
                CheckInside(box, width, height, video.Path);
            }
            if (box.Frame >= video.FrameCount)
            {
                throw new InvalidDataException(
                    $"{box.Where}: frame {box.Frame}, but {video.Path} has {video.FrameCount} frames. Frames are numbered from 0.");
            }
        }
        return boxes;
    }
}
