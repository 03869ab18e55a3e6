using System.Globalization;
using System.Text.Json;

namespace KeypointMl.Data;

/// <summary>Asks ffprobe what a video file holds.</summary>
public static class VideoProbe
{
    /// <summary>Reads a video's header.</summary>
    /// <param name="path">The video file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FfmpegNotFoundException">ffprobe is not installed.</exception>
    /// <exception cref="InvalidDataException">The file cannot be read as a video, or has no video stream.</exception>
    public static VideoInfo Read(string path)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no video {path}.", path);
        using FfmpegProcess probe = FfmpegProcess.Start("ffprobe",
        [
            "-v", "error", "-select_streams", "v:0",
            "-show_entries", "stream=codec_name,width,height,nb_frames,avg_frame_rate:stream_side_data=rotation:stream_tags=rotate",
            "-of", "json", FfmpegProcess.FileArgument(path),
        ]);
        probe.Input.Dispose();
        string json = new StreamReader(probe.Output).ReadToEnd();
        if (probe.WaitForExit() != 0)
            throw new InvalidDataException($"{path} cannot be read as a video: {probe.Errors}. It may be truncated or no video; copy it again or leave it out.");
        using JsonDocument document = JsonDocument.Parse(json);
        if (!document.RootElement.TryGetProperty("streams", out JsonElement streams) || streams.GetArrayLength() == 0)
            throw new InvalidDataException($"{path} has no video stream: it holds sound only, or its header is cut off. Give a file with pictures, or copy it again.");
        return Describe(path, streams[0]);
    }

    /// <summary>ffmpeg's name of the codec of a file's first sound, such as <c>aac</c>; null where it is silent.</summary>
    /// <exception cref="FfmpegNotFoundException">ffprobe is not installed.</exception>
    internal static string? SoundCodec(string path)
    {
        using FfmpegProcess probe = FfmpegProcess.Start("ffprobe", ["-v", "error", "-select_streams", "a:0", "-show_entries", "stream=codec_name", "-of", "default=nw=1:nk=1", FfmpegProcess.FileArgument(path)]);
        probe.Input.Dispose();
        string codec = new StreamReader(probe.Output).ReadToEnd().Trim();
        return probe.WaitForExit() == 0 && codec.Length > 0 ? codec : null;
    }

    private static VideoInfo Describe(string path, JsonElement stream)
    {
        (int width, int height) = (stream.GetProperty("width").GetInt32(), stream.GetProperty("height").GetInt32());
        if (width < 1 || height < 1)
            throw new InvalidDataException($"{path}: the video stream is {width}×{height} pixels. The file is damaged; copy it again or leave it out.");
        if (Math.Abs(Rotation(stream)) % 180 == 90)
            (width, height) = (height, width);
        long? frames = stream.TryGetProperty("nb_frames", out JsonElement count) && long.TryParse(count.GetString(), CultureInfo.InvariantCulture, out long number) && number > 0 ? number : null;
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
