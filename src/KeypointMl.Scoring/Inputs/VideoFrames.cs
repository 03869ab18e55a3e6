using KeypointMl.Imaging.Files;
using KeypointMl.Imaging.Video;

namespace KeypointMl.Scoring.Inputs;

/// <summary>How many frames of a video are to be scored.</summary>
internal static class VideoFrames
{
    /// <summary>
    /// By what the header says; null where it does not. A file that cannot be read as a video counts as one: the
    /// failure that it will be.
    /// </summary>
    /// <exception cref="FfmpegNotFoundException">ffmpeg is not installed.</exception>
    /// <exception cref="FfmpegEndedException">ffprobe was ended from outside, which says nothing about the video.</exception>
    public static long? Declared(InputFile input) => Header(input) is { } header ? Scored(input, header.FrameCount) : 1;

    /// <summary>
    /// Of all inputs, by the headers of the videos; null where one does not say. How many there really are shows when
    /// they are read.
    /// </summary>
    /// <exception cref="FfmpegNotFoundException">ffmpeg is not installed.</exception>
    /// <exception cref="FfmpegEndedException">ffprobe was ended from outside, which says nothing about the video.</exception>
    public static long? Declared(IEnumerable<InputFile> inputs, CancellationToken cancellation)
    {
        long? frames = 0;
        foreach (InputFile input in inputs)
        {
            cancellation.ThrowIfCancellationRequested();
            frames += input.IsImage ? 1 : input.Count ?? Declared(input);
        }
        return frames;
    }

    /// <summary>What a video's header says; null where it cannot be read as a video.</summary>
    /// <exception cref="FfmpegNotFoundException">ffmpeg is not installed.</exception>
    /// <exception cref="FfmpegEndedException">ffprobe was ended from outside, which says nothing about the video.</exception>
    public static VideoInfo? Header(InputFile input)
    {
        VideoInfo? header = null;
        return Try(() => header = VideoProbe.Read(input.Path)) ? header : null;
    }

    /// <summary>Refuses a video of which no video can be drawn.</summary>
    /// <exception cref="InvalidDataException">It does not say how many frames it has a second.</exception>
    public static void RequireFrameRate(VideoInfo header)
    {
        if (header.FramesPerSecond <= 0)
        {
            throw new InvalidDataException(
                $"{PrintableText.Of(header.Path)} does not say how many frames it has a second, so that none can be drawn of it. "
                + "Leave 'overlay_videos' out, or convert the video.");
        }
    }

    /// <summary>By its packets. A file that cannot be read as a video has no index, and one frame: the failure that it will be.</summary>
    /// <returns>The frames, where the input does not say itself how many, and the index.</returns>
    /// <exception cref="FfmpegNotFoundException">ffmpeg is not installed.</exception>
    /// <exception cref="FfmpegEndedException">ffprobe was ended from outside, which says nothing about the video.</exception>
    public static (long Count, VideoIndex? Index) Indexed(InputFile input, CancellationToken cancellation)
    {
        VideoIndex? index = null;
        return Try(() => index = VideoIndex.Read(input.Path, cancellation: cancellation))
            ? (input.Count ?? Scored(input, index!.Frames)!.Value, index)
            : (input.Count ?? 1, null);
    }

    private static long? Scored(InputFile input, long? frames) =>
        frames is long known ? Math.Max(1, (known - input.First + input.Step - 1) / input.Step) : null;

    private static bool Try(Action read)
    {
        try
        {
            read();
            return true;
        }
        catch (Exception e) when (e is InvalidDataException or UnauthorizedAccessException
            or IOException and not (FfmpegStartException or FfmpegEndedException))
        {
            return false;
        }
    }
}

/// <summary>The videos among the inputs, by name.</summary>
/// <param name="isWanted">Whether somebody will ask for them.</param>
internal sealed class VideoList(bool isWanted)
{
    private readonly Dictionary<string, InputFile> videos = new(StringComparer.Ordinal);

    /// <summary>Passes the inputs on. The parts of a video that was divided among shards become one again.</summary>
    public IEnumerable<InputFile> Watch(IEnumerable<InputFile> inputs)
    {
        foreach (InputFile input in inputs)
        {
            if (isWanted && !input.IsImage)
            {
                videos[input.Name] = videos.TryGetValue(input.Name, out InputFile? begun) ? begun with
                {
                    Count = begun.Count + input.Count,
                    ToEnd = input.ToEnd,
                } : input;
            }
            yield return input;
        }
    }

    /// <summary>Forgets videos, of which none is drawn then.</summary>
    public void LeaveOut(IEnumerable<string> names)
    {
        foreach (string name in names)
            videos.Remove(name);
    }

    /// <summary>Refuses videos of which no video can be drawn. One that cannot be read is not drawn, which its rows say.</summary>
    /// <exception cref="InvalidDataException">A video does not say how many frames it has a second.</exception>
    /// <exception cref="FfmpegNotFoundException">ffmpeg is not installed.</exception>
    /// <exception cref="FfmpegEndedException">ffprobe was ended from outside, which says nothing about the video.</exception>
    public void RequireFrameRates()
    {
        foreach (InputFile video in videos.Values)
        {
            if (VideoFrames.Header(video) is { } header)
                VideoFrames.RequireFrameRate(header);
        }
    }

    /// <summary>The video of a name; null where it is none.</summary>
    public InputFile? Find(string name) => videos.GetValueOrDefault(name);
}
