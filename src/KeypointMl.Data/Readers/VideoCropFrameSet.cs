using KeypointMl.Data.Frames;
using KeypointMl.Data.Readers.Samples;
using KeypointMl.Imaging.Images;
using KeypointMl.Imaging.Video;

namespace KeypointMl.Data.Readers;

/// <summary>Boxes cut out of videos while they are read: nothing is decoded before it is asked for, and nothing is kept.</summary>
internal sealed class VideoCropFrameSet : ISequentialFrameSet, ISourceFiles
{
    private readonly FramePicker picker = new();
    private readonly IReadOnlyList<string> paths;
    private readonly FramePart[] boxes;
    private readonly FrameId[] ids;
    private readonly IReadOnlyList<(string Path, int[] Order)> videos;

    /// <param name="paths">The video of each frame of the set.</param>
    /// <param name="boxes">The boxes, one for each frame of the set.</param>
    /// <param name="ids">Where each frame came from.</param>
    /// <param name="clips">The clips; together they cover all boxes in order.</param>
    /// <param name="width">Width of every frame in pixels.</param>
    /// <param name="height">Height of every frame in pixels.</param>
    public VideoCropFrameSet(
        IReadOnlyList<string> paths, IReadOnlyList<TrackedBox> boxes, FrameId[] ids, IReadOnlyList<Clip> clips, int width, int height)
    {
        this.paths = paths;
        this.boxes = [.. boxes.Select(FramePart.Of)];
        this.ids = ids;
        Clips = clips;
        Width = width;
        Height = height;
        videos =
        [
            .. Enumerable.Range(0, boxes.Count).GroupBy(i => paths[i], StringComparer.Ordinal)
                .Select(video => (video.Key, video.OrderBy(i => boxes[i].Frame).ToArray())),
        ];
        StreamOrder = [.. videos.SelectMany(video => video.Order)];
    }

    public int Width { get; }

    public int Height { get; }

    public int Count => boxes.Length;

    public IReadOnlyList<Clip> Clips { get; }

    public IEnumerable<string> SourceFiles => videos.Select(video => video.Path);

    public IReadOnlyList<int> StreamOrder { get; }

    public FrameId GetId(int index) => ids[index];

    /// <remarks>Decodes the video from the key frame before the frame.</remarks>
    public void Read(int index, Span<byte> destination) =>
        VideoCropDecoder.Decode(picker, paths[index], [boxes[index]], Width, Height, CancellationToken.None)[0].CopyTo(destination);

    public IEnumerable<int> Stream(Memory<byte> destination, IReadOnlySet<int>? only = null)
    {
        foreach ((string path, int[] order) in videos)
        {
            int[] wanted = only is null ? order : [.. order.Where(only.Contains)];
            foreach ((int index, RgbImage frame) in VideoCropDecoder.Walk(picker, path, boxes, wanted))
            {
                ImageCropper.Crop(frame.Pixels, frame.Width, frame.Height, boxes[index].In(frame), destination.Span, Width, Height);
                yield return index;
            }
        }
    }

    public void Dispose()
    {
    }
}
