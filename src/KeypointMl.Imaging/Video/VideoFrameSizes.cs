using KeypointMl.Poses.Geometry;

namespace KeypointMl.Imaging.Video;

/// <summary>
/// The sizes of a video's frames, which only decoding tells where a video changes its size inside (recordings of
/// WebRTC do); a few bytes for each change.
/// </summary>
internal sealed class VideoFrameSizes
{
    private readonly List<(long First, int Width, int Height)> runs = [];

    /// <summary>Decodes a video without converting its frames.</summary>
    /// <param name="path">The file.</param>
    /// <param name="last">The last frame whose size is asked for.</param>
    /// <param name="limits">Pixels and time; null for the defaults.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FfmpegNotFoundException">ffmpeg is not installed.</exception>
    /// <exception cref="InvalidDataException">
    /// The file cannot be read as a video, its frames get larger than the limit, or ffmpeg gives none in time.
    /// </exception>
    /// <exception cref="FfmpegEndedException">ffmpeg was ended from outside.</exception>
    internal static VideoFrameSizes Read(string path, long last, VideoLimits? limits = null)
    {
        limits ??= VideoLimits.Default;
        VideoInfo info = VideoProbe.Read(path, limits);
        var sizes = new VideoFrameSizes();
        sizes.runs.Add((0, info.Width, info.Height));
        using RawFrames frames = RawFrames.SizesOnly(info, last + 1, limits);
        for (long read = 0; read <= last; read++)
        {
            if (frames.Next() is not { } frame)
            {
                EndOfFrames.Wait(frames, path, read, last + 1, limits);
                break;
            }
            if ((frame.Width, frame.Height) != (sizes.runs[^1].Width, sizes.runs[^1].Height))
                sizes.runs.Add((frame.Number, frame.Width, frame.Height));
        }
        return sizes;
    }

    /// <summary>The size of a frame; of one that could not be decoded, that of the last before it.</summary>
    internal (int Width, int Height) Of(long frame)
    {
        (_, int width, int height) = runs[runs.FindLastIndex(run => run.First <= frame)];
        return (width, height);
    }

    /// <summary>The whole of a frame.</summary>
    internal Box WholeFrame(long frame)
    {
        (int width, int height) = Of(frame);
        return Box.WholeImage(width, height);
    }
}
