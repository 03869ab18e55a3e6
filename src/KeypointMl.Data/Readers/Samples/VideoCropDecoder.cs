using KeypointMl.Imaging.Images;
using KeypointMl.Imaging.Video;
using KeypointMl.Poses.Geometry;

namespace KeypointMl.Data.Readers.Samples;

/// <summary>Decodes what is needed of a video, once, and cuts all asked boxes out of its frames, each in its frame's own pixels.</summary>
internal static class VideoCropDecoder
{
    /// <returns>[height,width,3] bytes per box, in the order of <paramref name="boxes"/>.</returns>
    internal static byte[][] Decode(
        FramePicker videos, string path, IReadOnlyList<FramePart> boxes, int width, int height, CancellationToken cancellation)
    {
        var crops = new byte[boxes.Count][];
        int[] order = [.. Enumerable.Range(0, boxes.Count).OrderBy(i => boxes[i].Frame)];
        foreach ((int index, RgbImage frame) in Walk(videos, path, boxes, order))
        {
            cancellation.ThrowIfCancellationRequested();
            crops[index] = ImageCropper.Crop(frame, boxes[index].In(frame), width, height).Pixels;
        }
        return crops;
    }

    /// <summary>Goes through the video once.</summary>
    /// <param name="videos">Reads it.</param>
    /// <param name="path">The video.</param>
    /// <param name="boxes">The boxes.</param>
    /// <param name="order">Their indices in order of time.</param>
    /// <returns>Each box's index with its frame, which is valid until the next is asked for.</returns>
    internal static IEnumerable<(int Index, RgbImage Frame)> Walk(
        FramePicker videos, string path, IReadOnlyList<FramePart> boxes, IReadOnlyList<int> order)
    {
        int next = 0;
        foreach (VideoFrame frame in videos.Read(path, [.. order.Select(i => boxes[i].Frame)]))
        {
            for (; next < order.Count && boxes[order[next]].Frame == frame.Number; next++)
            {
                CheckInside(boxes[order[next]], frame.Image, path);
                yield return (order[next], frame.Image);
            }
        }
    }

    private static void CheckInside(FramePart part, RgbImage frame, string path)
    {
        Poses.Geometry.Box box = part.In(frame);
        if (!box.Overlaps(frame.Width, frame.Height))
        {
            throw new InvalidDataException(
                $"{part.Where}: the box ({box.X}, {box.Y}, {box.Width}×{box.Height}) lies outside the "
                + $"{frame.Width}×{frame.Height} frames of {path}.");
        }
    }
}

/// <summary>A part of a video's frame that is to be cut out.</summary>
/// <param name="Frame">0-based number of the frame.</param>
/// <param name="Box">The part, in the frame's own pixels; null for the whole, however large the frame is.</param>
/// <param name="Where">What to call it in messages.</param>
internal readonly record struct FramePart(long Frame, Box? Box, string Where)
{
    /// <summary>The box of a tracker.</summary>
    public static FramePart Of(TrackedBox tracked) => new(tracked.Frame, tracked.Box, tracked.Where);

    /// <summary>The part in pixels of its frame.</summary>
    public Box In(RgbImage frame) => Box ?? Poses.Geometry.Box.WholeImage(frame.Width, frame.Height);
}
