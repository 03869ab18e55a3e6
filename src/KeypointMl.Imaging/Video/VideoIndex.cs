using System.Globalization;
using KeypointMl.Imaging.Files;

namespace KeypointMl.Imaging.Video;

/// <summary>
/// The frames of a video as its packets tell, without decoding them: how many are shown, when, and where decoding can
/// begin. Eight bytes a frame.
/// </summary>
/// <remarks>A codec that divides frames among packets has fewer frames than packets.</remarks>
internal sealed class VideoIndex
{
    // Their demuxers seek by an index to the key frame at or before a time; others guess.
    private static readonly string[] SeekableFormats = ["mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm"];

    private readonly List<double> times = [];
    private readonly List<double> keyTimes = [];
    private bool hasTimes = true;
    private double latest = double.NegativeInfinity;

    private VideoIndex(VideoInfo info) => Info = info;

    /// <summary>What the file says about itself.</summary>
    public VideoInfo Info { get; }

    /// <summary>
    /// How many frames are shown, whatever the header says; of a file that is cut off or damaged, as many as the header
    /// declares, if they are more.
    /// </summary>
    public long Frames { get; private set; }

    /// <summary>Reads a video's packets: the whole file.</summary>
    /// <param name="path">The video file.</param>
    /// <param name="limits">Pixels and time; null for the defaults.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FfmpegNotFoundException">ffprobe is not installed.</exception>
    /// <exception cref="InvalidDataException">
    /// The file is no regular file, cannot be read as a video, has no video stream, or larger frames than the limit;
    /// or ffprobe does not answer.
    /// </exception>
    /// <exception cref="FfmpegEndedException">ffprobe was ended from outside, which says nothing about the video.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> asked to stop.</exception>
    public static VideoIndex Read(string path, VideoLimits? limits = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        limits ??= VideoLimits.Default;
        VideoInfo info = VideoProbe.Read(path, limits);
        var index = new VideoIndex(info);
        using FfmpegProcess probe = FfmpegProcess.Start("ffprobe",
        [
            "-v", "error", .. FfmpegInput.Memory, "-select_streams", "v:0", "-show_entries", "packet=pts_time,flags:format=format_name",
            "-of", "compact=p=1:nk=1",
            .. FfmpegInput.Arguments(path, limits),
        ]);
        using CancellationTokenRegistration stop = cancellation.Register(probe.Kill);
        probe.Input.Dispose();
        using var lines = new StreamReader(probe.Output);
        probe.Expect(limits.ProbeTime);
        while (lines.ReadLine() is { } line)
        {
            probe.Expect(limits.ProbeTime);
            string[] parts = line.Split('|');
            if (parts is ["packet", .. var packet])
                index.Add(packet);
            else if (parts is ["format", var format])
                index.hasTimes &= SeekableFormats.Contains(format);
        }
        int exitCode = probe.WaitForExit(limits.ProbeTime);
        cancellation.ThrowIfCancellationRequested();
        VideoProbe.RequireEnd(probe, exitCode, path, limits);
        index.Complete(isDamaged: exitCode != 0 || probe.Errors.Length > 0, info.FrameCount);
        return index;
    }

    /// <summary>Says that a video has no such frame.</summary>
    internal static string Beyond(string path, long frames, long asked) =>
        $"{PrintableText.Of(path)} has {frames} frames; frame {asked} was asked for. Frames are numbered from 0.";

    /// <summary>
    /// Where decoding can begin for a frame; null for the beginning of the video: where there is no later place, or the
    /// file does not tell of one for sure.
    /// </summary>
    /// <param name="frame">0-based number of the frame.</param>
    public VideoStart? StartOf(long frame)
    {
        if (!hasTimes || frame <= 0 || frame >= times.Count)
            return null;
        (double before, double time) = (times[(int)frame - 1], times[(int)frame]);
        int key = keyTimes.BinarySearch(time);
        key = key >= 0 ? key : ~key - 1;
        // Of the first key frame nothing is gained; two frames of one time cannot be told apart.
        return key > 0 && before < time ? new VideoStart(keyTimes[key], (before + time) / 2) : null;
    }

    /// <summary>
    /// The key frame at or before a frame, whose decoding needs no other; 0 where the file does not tell of one for
    /// sure.
    /// </summary>
    /// <param name="frame">0-based number of the frame.</param>
    public long KeyFrameBefore(long frame) => StartOf(frame) is { } start ? Math.Max(0, times.BinarySearch(start.Seek)) : 0;

    /// <summary>How long a frame is shown after the one before it, in seconds; 0 where that is not known.</summary>
    /// <param name="frame">0-based number of the frame.</param>
    public double TimeBefore(long frame) =>
        hasTimes && frame > 0 && frame < times.Count ? times[(int)frame] - times[(int)frame - 1] : 0;

    /// <summary>When a frame is shown, in seconds from the first one on; null where that is not known.</summary>
    /// <param name="frame">0-based number of the frame.</param>
    public double? TimeOf(long frame) => hasTimes && frame >= 0 && frame < times.Count ? times[(int)frame] - times[0] : null;

    private void Add(string[] packet)
    {
        string flags = packet[^1];
        bool isShown = !flags.Contains('D'); // an edit list hides the others
        if (isShown)
            Frames++;
        if (packet.Length < 2 || !double.TryParse(packet[0], NumberStyles.Float, CultureInfo.InvariantCulture, out double time))
        {
            hasTimes = false;
            return;
        }
        // Decoding can begin at a key frame where what is behind it in the file is shown behind it too, and nothing else is.
        while (keyTimes.Count > 0 && time < keyTimes[^1])
            keyTimes.RemoveAt(keyTimes.Count - 1);
        if (isShown && flags.Contains('K') && time > latest)
            keyTimes.Add(time);
        latest = Math.Max(latest, time);
        if (isShown)
            times.Add(time);
    }

    private void Complete(bool isDamaged, long? declared)
    {
        times.Sort();
        if (!isDamaged)
            return;
        hasTimes = false;
        Frames = Math.Max(Frames, declared ?? 0);
    }
}

/// <summary>
/// Where decoding begins in order to get a frame without decoding the whole video before it; see
/// <see cref="VideoIndex.StartOf"/>.
/// </summary>
/// <param name="Seek">The time of a key frame at or before the frame, in the file's own seconds.</param>
/// <param name="From">
/// Between the times of the frame before and of the frame itself: what is later is the frame and those behind it.
/// </param>
public readonly record struct VideoStart(double Seek, double From);

/// <summary>What a video file says about its first video stream.</summary>
/// <param name="Path">The file.</param>
/// <param name="Width">Width in pixels of the frames as they are shown (rotation applied; pixels are taken as square).</param>
/// <param name="Height">Height in pixels of the frames as they are shown.</param>
/// <param name="FrameCount">The number of frames that the container declares, or null where it does not say.</param>
/// <param name="FramesPerSecond">The mean frame rate; 0 where it is not known.</param>
/// <param name="Codec">ffmpeg's name of the codec, such as <c>h264</c>.</param>
public sealed record VideoInfo(string Path, int Width, int Height, long? FrameCount, double FramesPerSecond, string Codec);
