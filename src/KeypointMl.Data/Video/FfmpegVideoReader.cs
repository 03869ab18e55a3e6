using System.Globalization;
using System.Runtime.CompilerServices;

namespace KeypointMl.Data;

/// <summary>
/// Reads the frames of a video in order through an ffmpeg child process that pipes raw pixels: every coded frame once, none doubled or dropped to even out the
/// frame rate, so that a frame's number is exact. Memory does not grow with the video.
/// </summary>
/// <remarks>Not thread-safe. Disposing it early is fine and ends the child process.</remarks>
public sealed class FfmpegVideoReader : IDisposable
{
    private readonly FfmpegProcess process;
    private readonly long? expected;
    private readonly bool wholeVideo;
    private long read;
    private bool ended;

    private FfmpegVideoReader(VideoInfo info, FfmpegProcess process, long firstFrame, long? expected, bool wholeVideo)
    {
        Info = info;
        this.process = process;
        this.expected = expected;
        this.wholeVideo = wholeVideo;
        NextFrame = firstFrame;
    }

    /// <summary>What the file says about itself.</summary>
    public VideoInfo Info { get; }

    /// <summary>The 0-based number of the frame that the next call reads.</summary>
    public long NextFrame { get; private set; }

    /// <summary>What ffmpeg complained about although all frames came, such as damage it concealed; empty when nothing. Complete at the end of the video.</summary>
    public string Warnings => process.Errors;

    /// <summary>Opens a video.</summary>
    /// <param name="path">The file.</param>
    /// <param name="firstFrame">The first frame to read, 0-based; those before it are decoded but not converted or piped.</param>
    /// <param name="count">How many frames to read; null for all that follow.</param>
    /// <param name="start">Where decoding may begin for the first frame (<see cref="VideoIndex.StartOf"/>); null: at the beginning of the video.</param>
    /// <param name="decoding">Where it is decoded; the frames are the same, up to what the decoders are allowed to differ in.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FfmpegNotFoundException">ffmpeg is not installed.</exception>
    /// <exception cref="InvalidDataException">The file cannot be read as a video, has no video stream, or declares fewer frames than asked for.</exception>
    public static FfmpegVideoReader Open(string path, long firstFrame = 0, long? count = null, VideoStart? start = null, VideoDecoding decoding = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstFrame);
        if (count is long asked)
            ArgumentOutOfRangeException.ThrowIfLessThan(asked, 1, nameof(count));
        VideoInfo info = VideoProbe.Read(path);
        if (info.FrameCount is long frames && firstFrame + (count ?? 1) > frames)
            throw new InvalidDataException($"{path} has {frames} frames; frame {firstFrame + (count ?? 1) - 1} was asked for. Frames are numbered from 0.");
        string select = start is { } later ? string.Create(CultureInfo.InvariantCulture, $"gte(t,{later.From:F7})") : string.Create(CultureInfo.InvariantCulture, $"gte(n,{firstFrame})");
        string filter = string.Create(CultureInfo.InvariantCulture, $"select='{select}',scale={info.Width}:{info.Height}");
        List<string> arguments =
        [
            "-nostdin", "-hide_banner", "-loglevel", "error", .. decoding.Arguments, .. SeekArguments(start), "-i", FfmpegProcess.FileArgument(path), "-map", "0:v:0", "-vf", filter,
            .. FfmpegVersion.EveryFrameOnce,
        ];
        if (count is long limit)
            arguments.AddRange(["-frames:v", limit.ToString(CultureInfo.InvariantCulture)]);
        arguments.AddRange(["-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1"]);
        FfmpegProcess process = FfmpegProcess.Start("ffmpeg", arguments);
        process.Input.Dispose();
        return new FfmpegVideoReader(info, process, firstFrame, count ?? info.FrameCount - firstFrame, wholeVideo: count is null);
    }

    /// <summary>Reads the next frame.</summary>
    /// <param name="destination">[Height,Width,3] bytes, RGB.</param>
    /// <returns>False at the end of the video or of the asked frames.</returns>
    /// <exception cref="ArgumentException">The buffer has another length.</exception>
    /// <exception cref="InvalidDataException">The video is truncated or damaged; the message says how many frames could be read.</exception>
    public bool TryRead(Span<byte> destination)
    {
        CheckLength(destination.Length);
        if (ended)
            return false;
        return Accept(process.Output.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false), destination.Length);
    }

    /// <inheritdoc cref="TryRead(Span{byte})"/>
    public async ValueTask<bool> TryReadAsync(Memory<byte> destination, CancellationToken cancellation = default)
    {
        CheckLength(destination.Length);
        if (ended)
            return false;
        int bytes = await process.Output.ReadAtLeastAsync(destination, destination.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
        return Accept(bytes, destination.Length);
    }

    /// <summary>The remaining frames. All share one buffer: a frame is valid until the next is asked for.</summary>
    /// <exception cref="InvalidDataException">While enumerating: the video is truncated or damaged.</exception>
    public IEnumerable<VideoFrame> ReadFrames()
    {
        var image = new RgbImage(Info.Width, Info.Height);
        while (TryRead(image.Pixels))
            yield return new VideoFrame(NextFrame - 1, image);
    }

    /// <inheritdoc cref="ReadFrames"/>
    public async IAsyncEnumerable<VideoFrame> ReadFramesAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var image = new RgbImage(Info.Width, Info.Height);
        while (await TryReadAsync(image.Pixels, cancellation).ConfigureAwait(false))
            yield return new VideoFrame(NextFrame - 1, image);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ended = true;
        process.Dispose();
    }

    // Frames keep the file's own times, which tell the first one from those that are decoded on the way to it.
    private static string[] SeekArguments(VideoStart? start) => start is { } later
        ? ["-ss", later.Seek.ToString("F6", CultureInfo.InvariantCulture), "-seek_timestamp", "1", "-noaccurate_seek", "-copyts"]
        : [];

    private bool Accept(int bytes, int frameBytes)
    {
        if (bytes == frameBytes)
        {
            read++;
            NextFrame++;
            return true;
        }
        ended = true;
        int exitCode = process.WaitForExit();
        // A whole video may honestly hold fewer frames than its container declares (an edit list hides some): then ffmpeg does not complain. A range may not.
        bool complains = exitCode != 0 || bytes > 0 || process.Errors.Length > 0;
        bool isShort = expected is not long wanted || read < wanted;
        if (isShort && (complains || (!wholeVideo && expected is not null)))
        {
            string of = expected is long number ? $" of {number}" : "";
            string reason = process.Errors.Length > 0 ? $" (ffmpeg: {process.Errors})" : "";
            throw new InvalidDataException($"{Info.Path}: only {read}{of} frames could be read; the video is truncated or damaged{reason}. Copy or re-encode it, or restrict the frames that are used.");
        }
        return false;
    }

    private void CheckLength(int length)
    {
        if (length != Info.Width * Info.Height * 3)
            throw new ArgumentException($"A {Info.Width}×{Info.Height} frame has {Info.Width * Info.Height * 3} bytes; the buffer has {length}.");
    }
}
