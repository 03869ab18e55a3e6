using System.Globalization;

namespace KeypointMl.Imaging.Video;

/// <summary>
/// The first sound of a file, or a part of it, to be laid under other frames: copied as it is, or, where an mp4 cannot
/// hold its format, encoded as AAC.
/// </summary>
public sealed record VideoSound
{
    private static readonly string[] FormatsOfMp4 = ["aac", "ac3", "alac", "eac3", "flac", "mp3", "opus"];

    private readonly string path;
    private readonly string codec;

    private VideoSound(string path, string codec) => (this.path, this.codec) = (path, codec);

    /// <summary>Where the sound begins, in seconds of the file.</summary>
    public double Start { get; init; }

    /// <summary>How many seconds of it; null for all that follow.</summary>
    public double? Seconds { get; init; }

    /// <summary>The sound of a file; null where it is silent.</summary>
    /// <exception cref="FfmpegNotFoundException">ffprobe is not installed.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no regular file, or ffprobe does not answer.</exception>
    /// <exception cref="FfmpegEndedException">ffprobe was ended from outside, which says nothing about the video.</exception>
    public static VideoSound? Of(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FfmpegInput.Require(path);
        return VideoProbe.SoundCodec(path) is { } codec ? new VideoSound(path, codec) : null;
    }

    internal IEnumerable<string> InputArguments =>
    [
        .. Start > 0 ? ["-ss", Number(Start)] : (string[])[],
        .. Seconds is double seconds ? ["-t", Number(seconds)] : (string[])[],
        .. FfmpegInput.Arguments(path, VideoLimits.Default),
    ];

    internal IEnumerable<string> OutputArguments => ["-map", "1:a:0", "-c:a", FormatsOfMp4.Contains(codec) ? "copy" : "aac"];

    private static string Number(double seconds) => seconds.ToString("F6", CultureInfo.InvariantCulture);
}
