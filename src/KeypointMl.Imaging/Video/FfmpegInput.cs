using System.Globalization;
using KeypointMl.Imaging.Files;

namespace KeypointMl.Imaging.Video;

/// <summary>How a file is given to ffmpeg and ffprobe, so that it cannot make them read another one.</summary>
internal static class FfmpegInput
{
    /// <summary>What ffmpeg says when a frame has more pixels than are allowed.</summary>
    internal const string TooLarge = "exceeds specified max pixel count";

    /// <summary>What to do about frames of too many pixels.</summary>
    internal const string Advice = $"Shrink it, or raise {nameof(VideoLimits)}.{nameof(VideoLimits.MaxPixels)}.";

    // No single block of memory that ffmpeg asks for is larger: a frame of 100 million pixels of 16-bit RGBA has 800 MB.
    private const long MaxBlock = 1L << 30;
    private const long ManyPixels = 4096 * 4096;
    private const string NotListed = "not on whitelist";

    // Containers, streams and pictures that hold all they show. Not here: what names other files (hls, dash, concat,
    // sdp, imf, image2, vobsub, svg) or opens devices and networks.
    private static readonly string Formats = string.Join(',',
    [
        "mov", "mp4", "m4a", "3gp", "3g2", "mj2", "matroska", "webm", "avi", "asf", "asf_o", "flv", "live_flv", "kux", "ogg", "nut",
        "mxf", "gxf", "mpeg", "mpegts", "mpegvideo", "rm", "wtv", "ty", "pva", "nsv", "nuv", "lxf", "dhav", "cine", "dv", "filmstrip",
        "yuv4mpegpipe", "smjpeg", "mjpeg", "mjpeg_2000", "mpjpeg", "m4v", "h261", "h263", "h264", "hevc", "vvc", "evc", "av1", "obu", "ivf",
        "vc1", "vc1test", "cavsvideo", "avs2", "avs3", "dirac", "dnxhd",
        "gif", "apng", "tiff_pipe", "png_pipe", "jpeg_pipe", "webp_pipe", "bmp_pipe", "j2k_pipe", "jpegxl_pipe", "jpegxl_anim",
        "aac", "ac3", "eac3", "aiff", "amr", "au", "caf", "flac", "mp3", "w64", "wav",
    ]);

    /// <summary>The options of an input, and the input, for ffmpeg and for ffprobe.</summary>
    internal static IEnumerable<string> Arguments(string path, VideoLimits limits) =>
    [
        "-protocol_whitelist", "file,pipe", "-format_whitelist", Formats,
        "-max_pixels", DecoderPixels(limits).ToString(CultureInfo.InvariantCulture), "-i", FfmpegProcess.FileArgument(path),
    ];

    /// <summary>The options of a list on standard input that names one file, and that input: the list is one, the file may be none.</summary>
    internal static IEnumerable<string> ListArguments(VideoLimits limits) =>
    [
        "-protocol_whitelist", "file,pipe", "-format_whitelist", "concat," + Formats,
        "-max_pixels", DecoderPixels(limits).ToString(CultureInfo.InvariantCulture), "-f", "concat", "-safe", "0", "-i", "pipe:0",
    ];

    /// <summary>
    /// The list that names a file to be decoded from the key frame at or before a time, in the file's own seconds; times count from
    /// there. Null where a list cannot name it.
    /// </summary>
    internal static string? ListOf(string path, double from)
    {
        string name = FfmpegProcess.FileArgument(path);
        if (name.AsSpan().ContainsAny('\n', '\r', '\0'))
            return null;
        string quoted = name.Replace("'", @"'\''", StringComparison.Ordinal);
        return string.Create(
            CultureInfo.InvariantCulture, $"ffconcat version 1.0\nfile '{quoted}'\noption format_whitelist {Formats}\ninpoint {from:F6}\n");
    }

    /// <summary>Options that hold for the whole process.</summary>
    internal static string[] Memory { get; } = ["-max_alloc", MaxBlock.ToString(CultureInfo.InvariantCulture)];

    /// <summary>Options of a decoder: each thread of one holds a frame, so that large ones have one thread.</summary>
    internal static string[] Threads(VideoInfo info) => (long)info.Width * info.Height > ManyPixels ? ["-threads", "1"] : [];

    /// <summary>Refuses what is not there or no regular file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is a pipe, a socket, a device or a folder.</exception>
    internal static void Require(string path)
    {
        RegularFile.Require(path, "video");
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no video {PrintableText.Of(path)}.", path);
    }

    // Decoders count the pixels of their buffers, whose sides are rounded up: the frames' own sizes are compared
    // with the limit by whoever reads them.
    private static long DecoderPixels(VideoLimits limits) =>
        limits.MaxPixels > long.MaxValue / 2 ? long.MaxValue : limits.MaxPixels + limits.MaxPixels / 8 + 65_536;

    /// <summary>Compares the size of a frame with the limit.</summary>
    /// <exception cref="InvalidDataException">It has more pixels.</exception>
    internal static void CheckPixels(string path, int width, int height, VideoLimits limits)
    {
        if ((long)width * height > limits.MaxPixels || (long)width * height * 3 > Array.MaxLength)
        {
            throw new InvalidDataException(
                $"{PrintableText.Of(path)} has frames of {width}×{height}: more than the limit of {limits.MaxPixels:N0} pixels. {Advice}");
        }
    }

    /// <summary>Why ffmpeg could not read a file.</summary>
    internal static InvalidDataException Unreadable(string path, string errors) => new(errors switch
    {
        _ when errors.Contains(NotListed, StringComparison.Ordinal) =>
            $"{PrintableText.Of(path)} cannot be read as a video: its content is of no format that is read. "
            + "Playlists (HLS, DASH, concat, SDP), which name other files, are not. Give the video itself.",
        _ when errors.Contains(TooLarge, StringComparison.Ordinal) =>
            $"{PrintableText.Of(path)} cannot be read as a video: its frames have more pixels than the limit ({errors}). {Advice}",
        _ => $"{PrintableText.Of(path)} cannot be read as a video: {errors}. It may be truncated or no video; "
            + "copy it again or leave it out.",
    });
}
