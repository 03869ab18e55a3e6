using System.Globalization;
using System.Text.Json;
using KeypointMl.Imaging.Files;

namespace KeypointMl.Imaging.Video;

/// <summary>Asks ffprobe what a video file holds.</summary>
public static class VideoProbe
{
    /// <summary>Reads a video's header.</summary>
    /// <param name="path">The video file.</param>
    /// <param name="limits">Pixels and time; null for the defaults.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FfmpegNotFoundException">ffprobe is not installed.</exception>
    /// <exception cref="InvalidDataException">
    /// The file is no regular file, cannot be read as a video, has no video stream, or larger frames than the limit;
    /// or ffprobe does not answer.
    /// </exception>
    /// <exception cref="FfmpegEndedException">ffprobe was ended from outside, which says nothing about the video.</exception>
    public static VideoInfo Read(string path, VideoLimits? limits = null)
    {
        FfmpegInput.Require(path);
        limits ??= VideoLimits.Default;
        using FfmpegProcess probe = FfmpegProcess.Start("ffprobe",
        [
            "-v", "error", .. FfmpegInput.Memory, "-select_streams", "v:0",
            "-show_entries", "stream=codec_name,width,height,nb_frames,avg_frame_rate:stream_side_data=rotation:stream_tags=rotate",
            "-of", "json", .. FfmpegInput.Arguments(path, limits),
        ]);
        string json = ReadToEnd(probe, path, limits);
        if (WaitForExit(probe, path, limits) != 0)
            throw FfmpegInput.Unreadable(path, probe.Errors);
        using JsonDocument document = JsonDocument.Parse(json);
        if (!document.RootElement.TryGetProperty("streams", out JsonElement streams) || streams.GetArrayLength() == 0)
        {
            throw new InvalidDataException(
                $"{PrintableText.Of(path)} has no video stream: it holds sound only, or its header is cut off. "
                + "Give a file with pictures, or copy it again.");
        }
        VideoInfo info = Describe(path, streams[0], probe.Errors);
        FfmpegInput.CheckPixels(path, info.Width, info.Height, limits);
        return info;
    }

    /// <summary>ffmpeg's name of the codec of a file's first sound, such as <c>aac</c>; null where it is silent.</summary>
    /// <exception cref="FfmpegNotFoundException">ffprobe is not installed.</exception>
    /// <exception cref="InvalidDataException">ffprobe does not answer.</exception>
    /// <exception cref="FfmpegEndedException">ffprobe was ended from outside, which says nothing about the video.</exception>
    internal static string? SoundCodec(string path)
    {
        VideoLimits limits = VideoLimits.Default;
        using FfmpegProcess probe = FfmpegProcess.Start("ffprobe",
        [
            "-v", "error", .. FfmpegInput.Memory, "-select_streams", "a:0", "-show_entries", "stream=codec_name", "-of",
                "default=nw=1:nk=1",
            .. FfmpegInput.Arguments(path, limits),
        ]);
        // Where a container has programs, as MPEG-TS has, a stream is named once more in its own.
        string codec = ReadToEnd(probe, path, limits).Split('\n')[0].Trim();
        return WaitForExit(probe, path, limits) == 0 && codec.Length > 0 ? codec : null;
    }

    /// <summary>Refuses the answer of an ffprobe that did not end by itself.</summary>
    /// <exception cref="InvalidDataException">It had to be ended.</exception>
    /// <exception cref="FfmpegEndedException">It was ended from outside.</exception>
    internal static void RequireEnd(FfmpegProcess probe, int exitCode, string path, VideoLimits limits)
    {
        if (probe.IsOverdue)
            throw Overdue(path, limits);
        probe.ThrowIfEnded(exitCode, path);
    }

    private static int WaitForExit(FfmpegProcess probe, string path, VideoLimits limits)
    {
        int exitCode = probe.WaitForExit(limits.ProbeTime);
        RequireEnd(probe, exitCode, path, limits);
        return exitCode;
    }

    private static InvalidDataException Overdue(string path, VideoLimits limits) =>
        new(
            $"{PrintableText.Of(path)} cannot be read as a video: ffprobe was silent for {limits.ProbeTime.TotalSeconds:F0} "
            + "seconds and was ended. "
            + "The file is damaged, or its disk too slow: copy it to another, or leave it out.");

    private static string ReadToEnd(FfmpegProcess probe, string path, VideoLimits limits)
    {
        probe.Expect(limits.ProbeTime);
        probe.Input.Dispose();
        string text = new StreamReader(probe.Output).ReadToEnd();
        probe.Expect(null);
        return probe.IsOverdue ? throw Overdue(path, limits) : text;
    }

    private static VideoInfo Describe(string path, JsonElement stream, string errors)
    {
        (int width, int height) = (stream.GetProperty("width").GetInt32(), stream.GetProperty("height").GetInt32());
        if ((width < 1 || height < 1) && errors.Contains(FfmpegInput.TooLarge, StringComparison.Ordinal))
            throw FfmpegInput.Unreadable(path, errors);
        if (width < 1 || height < 1)
        {
            throw new InvalidDataException(
                $"{PrintableText.Of(path)}: the video stream is {width}×{height} pixels. The file is damaged; "
                + "copy it again or leave it out.");
        }
        if (Math.Abs(Rotation(stream)) % 180 == 90)
            (width, height) = (height, width);
        long? frames = stream.TryGetProperty("nb_frames", out JsonElement count)
            && long.TryParse(count.GetString(), CultureInfo.InvariantCulture, out long number) && number > 0 ? number : null;
        string codec = stream.TryGetProperty("codec_name", out JsonElement name) ? name.GetString()! : "unknown";
        return new VideoInfo(path, width, height, frames, FrameRate(stream), codec);
    }

    private static double FrameRate(JsonElement stream)
    {
        string[] fraction = (stream.TryGetProperty("avg_frame_rate", out JsonElement rate) ? rate.GetString() ?? "" : "").Split('/');
        return fraction.Length == 2
            && double.TryParse(fraction[0], CultureInfo.InvariantCulture, out double numerator)
            && double.TryParse(fraction[1], CultureInfo.InvariantCulture, out double denominator)
            && denominator > 0 ? numerator / denominator : 0;
    }

    // In newer files a display matrix, in older ones a tag.
    private static int Rotation(JsonElement stream)
    {
        if (stream.TryGetProperty("side_data_list", out JsonElement list))
        {
            foreach (JsonElement item in list.EnumerateArray())
            {
                if (item.TryGetProperty("rotation", out JsonElement rotation) && rotation.TryGetDouble(out double degrees))
                    return (int)Math.Round(degrees);
            }
        }
        return stream.TryGetProperty("tags", out JsonElement tags) && tags.TryGetProperty("rotate", out JsonElement tag)
            && int.TryParse(tag.GetString(), CultureInfo.InvariantCulture, out int tagged) ? tagged : 0;
    }
}
