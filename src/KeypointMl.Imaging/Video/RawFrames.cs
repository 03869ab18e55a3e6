using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Channels;

namespace KeypointMl.Imaging.Video;

/// <summary>
/// One run of ffmpeg that pipes raw frames, each in its own size: ffmpeg's filter <c>showinfo</c> says on stderr how
/// large a frame is before the frame itself comes. ffmpeg builds its filters
/// anew where the frames change their size, and its own numbers of frames begin again there: frames are counted here.
/// </summary>
internal sealed partial class RawFrames : IDisposable
{
    /// <summary>How exact the times are at which a list begins a file, in seconds.</summary>
    internal const double ListPrecision = 2e-5;

    private const string ToPixels = ",scale=iw:ih";

    // On several threads even this encoder keeps frames back, one for each.
    private static readonly string[] Pipe = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-threads", "1", "pipe:1"];

    // A name that the contents of a file cannot guess: what they make ffmpeg say is not taken for a frame.
    private readonly string filter = $"showinfo@{Guid.NewGuid():N}";

    // Says that it decodes what is not wanted: a long way to the first frame is many frames, and none of them slow.
    private readonly string passing = $"showinfo@{Guid.NewGuid():N}";
    private readonly Channel<Announcement> announced = Channel.CreateUnbounded<Announcement>(
        new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private readonly VideoLimits limits;
    private readonly long skipped;
    private KeyFrame? lead;

    private RawFrames(VideoLimits limits, long first, long skipped)
    {
        (this.limits, this.skipped) = (limits, skipped);
        NextNumber = first;
    }

    /// <summary>The number of the wanted frame that is announced next; a key frame before them does not count.</summary>
    internal long NextNumber { get; private set; }

    /// <summary>The process.</summary>
    internal FfmpegProcess Process { get; private set; } = null!;

    /// <summary>Whether frames that are wanted were left out: ffmpeg began to count anew after some were to be skipped.</summary>
    internal bool LostFrames { get; private set; }

    /// <summary>Whether it came to frames that are larger than the limit.</summary>
    internal bool IsTooLarge { get; private set; }

    /// <summary>Decodes from a key frame on; the first frame that comes is <paramref name="first"/>.</summary>
    internal static RawFrames FromTime(
        VideoInfo info, long first, VideoStart start, long? count, VideoDecoding decoding, VideoLimits limits)
    {
        var frames = new RawFrames(limits, first, skipped: 0);
        // Frames keep the file's own times, which tell the first one from those that are decoded on the way to it.
        string[] seek =
        [
            "-ss", start.Seek.ToString("F6", CultureInfo.InvariantCulture), "-seek_timestamp", "1", "-noaccurate_seek",
            "-copyts",
        ];
        string select = string.Create(CultureInfo.InvariantCulture, $"select='gte(t,{start.From:F7})'");
        return frames.Start(info, seek, frames.Selected(select), count, decoding, Pipe);
    }

    /// <summary>Decodes from the beginning; the first frames are not converted and piped, as many as are to be skipped.</summary>
    internal static RawFrames FromBeginning(VideoInfo info, long skipped, long? end, VideoDecoding decoding, VideoLimits limits)
    {
        var frames = new RawFrames(limits, first: 0, skipped);
        string select = skipped == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $",select='gte(n,{skipped})'");
        return frames.Start(info, [], $"{frames.filter}=checksum=0{select}{ToPixels}", end - skipped, decoding, Pipe);
    }

    /// <summary>Decodes from the beginning without converting and piping anything: only the frames' sizes come.</summary>
    internal static RawFrames SizesOnly(VideoInfo info, long end, VideoLimits limits)
    {
        var frames = new RawFrames(limits, first: 0, skipped: 0);
        return frames.Start(info, [], $"{frames.filter}=checksum=0", end, default, ["-f", "null", "-"]);
    }

    /// <summary>
    /// An ffmpeg that waits for a list (<see cref="FfmpegInput.ListOf"/>): to load its libraries takes it longer than to find and
    /// decode a key frame. <see cref="Begin"/> says what it is to decode. The key frame comes before the frames that are wanted: it is
    /// there sooner, and nothing else needs to be decoded for it.
    /// </summary>
    internal static RawFrames Waiting(VideoLimits limits)
    {
        var frames = new RawFrames(limits, first: 0, skipped: 0);
        // A time of the list is a microsecond or a tick of the file's clock off; frames are milliseconds apart.
        string select = string.Create(CultureInfo.InvariantCulture, $"select='eq(n,0)+gte(t,{-ListPrecision:F6})'");
        // A decoder on several threads gives its first frame later: each takes one before. Two threads of one core gain nothing by it.
        string[] threads = ["-threads", Math.Max(1, Environment.ProcessorCount / 2).ToString(CultureInfo.InvariantCulture)];
        frames.Start(threads, ["-copyts", .. FfmpegInput.ListArguments(limits)], frames.Selected(select), null, default, Pipe);
        return frames;
    }

    /// <summary>Tells one that waits what to decode.</summary>
    /// <param name="list">Names the file and the time from which frames are wanted.</param>
    /// <param name="first">The number of the frame there.</param>
    /// <param name="key">The key frame that comes first, which may be that frame.</param>
    /// <returns>Whether it still waited.</returns>
    internal bool Begin(string list, long first, KeyFrame key)
    {
        (NextNumber, lead) = (first, key);
        try
        {
            using Stream input = Process.Input;
            input.Write(Encoding.UTF8.GetBytes(list));
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Waits for the next frame, whose pixels come next; null at the end.</summary>
    internal FrameHeader? Next()
    {
        Process.Expect(limits.FrameTime);
        while (announced.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult() && announced.Reader.TryRead(out Announcement next))
        {
            Process.Expect(limits.FrameTime);
            if (next.IsPassing)
                continue;
            if (next.IsTooLarge)
            {
                IsTooLarge = true;
                break;
            }
            long number = NumberOf(next);
            if (next.OwnNumber >= skipped)
                return new FrameHeader(number, next.Width, next.Height);
            if (number >= skipped)
            {
                LostFrames = true;
                break;
            }
        }
        Process.Expect(null);
        return null;
    }

    // What comes before the frames that are wanted is the key frame, or one whose number nobody knows: a demuxer may begin at another key
    // frame than its index tells, and where frames change their size, the filters take the next for their first.
    private long NumberOf(Announcement next)
    {
        if (lead is not { } key || next.Time > -ListPrecision)
            return NextNumber++;
        return Math.Abs(next.Time - key.Time) < 5e-4 + 1e-5 * Math.Abs(key.Time) ? key.Number : -1; // showinfo writes six digits
    }

    /// <summary>Reads pixels.</summary>
    /// <returns>How many bytes there were.</returns>
    internal int Read(Span<byte> pixels)
    {
        Process.Expect(limits.FrameTime);
        int bytes = Process.Output.ReadAtLeast(pixels, pixels.Length, throwOnEndOfStream: false);
        Process.Expect(null);
        return bytes;
    }

    public void Dispose() => Process.Dispose();

    private string Selected(string select) => $"{passing}=checksum=0,{select},{filter}=checksum=0{ToPixels}";

    private RawFrames Start(VideoInfo info, string[] seek, string filters, long? count, VideoDecoding decoding, string[] output)
    {
        Start(FfmpegInput.Threads(info), [.. seek, .. FfmpegInput.Arguments(info.Path, limits)], filters, count, decoding, output);
        Process.Input.Dispose();
        return this;
    }

    private void Start(string[] threads, string[] input, string filters, long? count, VideoDecoding decoding, string[] output)
    {
        List<string> arguments =
        [
            "-nostdin", "-nostats", "-hide_banner", "-loglevel", "level+info", .. FfmpegInput.Memory, .. decoding.Arguments, .. threads,
            .. input, "-map", "0:v:0", "-vf", filters, .. FfmpegVersion.EveryFrameOnce, "-autoscale", "0",
        ];
        if (count is long limit)
            arguments.AddRange(["-frames:v", limit.ToString(CultureInfo.InvariantCulture)]);
        Process = FfmpegProcess.Start("ffmpeg", [.. arguments, .. output], Listen);
    }

    private string? Listen(string? line)
    {
        if (line is null)
        {
            announced.Writer.Complete();
            return null;
        }
        if (IsOf(passing, line))
        {
            announced.Writer.TryWrite(new Announcement(0, 0, 0, 0) { IsPassing = true });
            return null;
        }
        if (IsOf(filter, line))
        {
            if (FrameLine().Match(line) is { Success: true } frame)
                announced.Writer.TryWrite(new Announcement(Number(frame, 1), Time(frame, 2), (int)Number(frame, 3), (int)Number(frame, 4)));
            return null;
        }
        if (ErrorLine().Match(line) is not { Success: true } match)
            return null;
        string message = match.Groups[1].Value + match.Groups[2].Value;
        if (message.Contains(FfmpegInput.TooLarge, StringComparison.Ordinal))
            announced.Writer.TryWrite(new Announcement(0, 0, 0, 0) { IsTooLarge = true });
        return message;
    }

    private static bool IsOf(string name, string line) => line.StartsWith('[') && line.AsSpan(1).StartsWith(name, StringComparison.Ordinal);

    private static long Number(Match match, int group) => long.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    // NOPTS where a frame has none.
    private static double Time(Match match, int group) =>
        double.TryParse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture, out double time) ? time : double.NaN;

    // [showinfo@1f2e @ 0x55d0] [info] n:   7 pts:    280 pts_time:0.28    pos:     8071 fmt:yuv420p sar:1/1 s:96x64
    // i:P iskey:0 type:P
    [GeneratedRegex(@"\] n: *(\d{1,18}) .*pts_time:(\S+) .* s:(\d{1,9})x(\d{1,9}) ")]
    private static partial Regex FrameLine();

    // [h264 @ 0x55d0] [error] no frame!
    [GeneratedRegex(@"^((?:\[[^\]]*\] )*?)\[(?:error|fatal|panic)\] (.*)$")]
    private static partial Regex ErrorLine();

    private readonly record struct Announcement(long OwnNumber, double Time, int Width, int Height)
    {
        public bool IsTooLarge { get; init; }

        public bool IsPassing { get; init; }
    }
}

/// <summary>A key frame before the frames that are wanted.</summary>
/// <param name="Number">0-based number of the frame in the video.</param>
/// <param name="Time">When it is shown, from the time on from which frames are wanted: 0 or less; in seconds.</param>
internal readonly record struct KeyFrame(long Number, double Time);

/// <summary>A frame whose pixels are about to come.</summary>
/// <param name="Number">0-based number of the frame in the video.</param>
/// <param name="Width">Its width in pixels.</param>
/// <param name="Height">Its height in pixels.</param>
internal readonly record struct FrameHeader(long Number, int Width, int Height);
