namespace KeypointMl.Data;

/// <summary>Decodes a video once and cuts all asked boxes out of its frames.</summary>
internal static class VideoCropDecoder
{
    /// <returns>[height,width,3] bytes per box, in the order of <paramref name="boxes"/>.</returns>
    internal static byte[][] Decode(string path, IReadOnlyList<TrackedBox> boxes, int width, int height, CancellationToken cancellation)
    {
        ILookup<long, int> boxesOfFrame = Enumerable.Range(0, boxes.Count).ToLookup(i => boxes[i].Frame);
        long first = boxes.Min(box => box.Frame);
        long last = boxes.Max(box => box.Frame);
        var crops = new byte[boxes.Count][];
        using FfmpegVideoReader video = FfmpegVideoReader.Open(path, first, last - first + 1);
        foreach (VideoFrame frame in video.ReadFrames())
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (int i in boxesOfFrame[frame.Number])
            {
                CheckInside(boxes[i], video.Info);
                crops[i] = ImageCropper.Crop(frame.Image, boxes[i].Box, width, height).Pixels;
            }
        }
        return crops;
    }

    private static void CheckInside(TrackedBox tracked, VideoInfo info)
    {
        Poses.Box box = tracked.Box;
        if (!box.Overlaps(info.Width, info.Height))
            throw new InvalidDataException($"{tracked.Where}: the box ({box.X}, {box.Y}, {box.Width}×{box.Height}) lies outside the {info.Width}×{info.Height} frames of {info.Path}.");
    }
}
