using KeypointMl.Imaging.Images;
using KeypointMl.Imaging.Video;

namespace KeypointMl.Imaging.Subjects;

/// <summary>Reads frames from all over a video.</summary>
internal static class VideoSamples
{
    /// <summary>How many are read, where a video has so many.</summary>
    internal const int Count = 61;

    /// <summary>The samples in order of time. A long video is decoded at key frames only; another as a whole.</summary>
    /// <param name="path">The video.</param>
    /// <param name="decoding">How it is decoded.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <exception cref="InvalidDataException">The video cannot be read.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> asked to stop.</exception>
    internal static IEnumerable<RgbImage> Read(string path, VideoDecoding decoding, CancellationToken cancellation)
    {
        var videos = new FramePicker(decoding);
        VideoIndex index = videos.IndexOf(path, cancellation);
        long[] keys = KeyFrames(index);
        return keys.Length > Count * 2 / 3
            ? ReadKeyFrames(videos, path, keys, cancellation)
            : ReadEvenly(path, index.Frames, decoding, cancellation);
    }

    private static long[] KeyFrames(VideoIndex index) => index.Frames < FramePicker.FramesOfSeek * Count ? []
        : [.. Enumerable.Range(0, Count).Select(i => index.KeyFrameBefore((2 * i + 1) * index.Frames / (2 * Count))).Distinct()];

    private static IEnumerable<RgbImage> ReadKeyFrames(
        FramePicker videos, string path, long[] keys, CancellationToken cancellation)
    {
        foreach (VideoFrame frame in videos.Read(path, keys))
        {
            cancellation.ThrowIfCancellationRequested();
            yield return frame.Image;
        }
    }

    private static IEnumerable<RgbImage> ReadEvenly(string path, long frames, VideoDecoding decoding, CancellationToken cancellation)
    {
        long step = Math.Max(1, frames / Count);
        using FfmpegVideoReader reader = FfmpegVideoReader.Open(path, decoding: decoding);
        foreach (VideoFrame frame in reader.ReadFrames())
        {
            cancellation.ThrowIfCancellationRequested();
            // A container may declare fewer frames than it has.
            if (frame.Number % step == 0 && frame.Number / step <= 2 * Count)
                yield return frame.Image;
        }
    }
}
