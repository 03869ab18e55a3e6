using System.Runtime.CompilerServices;
using KeypointMl.Imaging.Images;

namespace KeypointMl.Imaging.Video;

/// <summary>
/// Reads the frames of a video in order through an ffmpeg child process that pipes raw pixels: every coded frame once,
/// none doubled or dropped to even out the frame rate, so that a frame's number is exact, also where a video changes
/// its size inside: each frame comes in its own. Memory does not grow with the video.
/// </summary>
/// <remarks>Not thread-safe. Disposing it early is fine and ends the child process.</remarks>
public sealed class FfmpegVideoReader : IDisposable
{
    private readonly FrameStream frames;

    private FfmpegVideoReader(VideoInfo info, FrameStream frames)
    {
        Info = info;
        this.frames = frames;
    }

    /// <summary>What the file says about itself. Its size is that of the first frames.</summary>
    public VideoInfo Info { get; }

    /// <summary>The 0-based number of the frame that the next call reads.</summary>
    public long NextFrame => frames.NextFrame;

    /// <summary>The 0-based number of the frame that was read last; -1 before.</summary>
    internal long LastFrame => frames.LastFrame;

    /// <summary>
    /// What ffmpeg complained about although all frames came, such as damage it concealed; empty when nothing. Complete
    /// at the end of the video.
    /// </summary>
    public string Warnings => frames.Warnings;

    /// <summary>Opens a video.</summary>
    /// <param name="path">The file.</param>
    /// <param name="firstFrame">
    /// The first frame to read, 0-based; those before it are decoded but not converted or piped, as long as the video
    /// does not change its size.
    /// </param>
    /// <param name="count">How many frames to read; null for all that follow.</param>
    /// <param name="start">
    /// Where decoding may begin for the first frame (<see cref="VideoIndex.StartOf"/>); null: at the beginning of the
    /// video.
    /// </param>
    /// <param name="decoding">Where it is decoded; the frames are the same, up to what the decoders are allowed to differ in.</param>
    /// <param name="limits">Pixels and time; null for the defaults.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FfmpegNotFoundException">ffmpeg is not installed.</exception>
    /// <exception cref="InvalidDataException">
    /// The file is no regular file, cannot be read as a video, has no video stream, larger frames than the limit, or
    /// fewer frames than asked for; or ffprobe does not answer.
    /// </exception>
    /// <exception cref="FfmpegEndedException">ffprobe was ended from outside.</exception>
    public static FfmpegVideoReader Open(
        string path,
        long firstFrame = 0,
        long? count = null,
        VideoStart? start = null,
        VideoDecoding decoding = default,
        VideoLimits? limits = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstFrame);
        if (count is long asked)
            ArgumentOutOfRangeException.ThrowIfLessThan(asked, 1, nameof(count));
        limits ??= VideoLimits.Default;
        return Open(VideoProbe.Read(path, limits), firstFrame, count, start, decoding, limits);
    }

    /// <summary>Opens a video whose header was read before: what seeks again and again need not ask ffprobe every time.</summary>
    /// <exception cref="FfmpegNotFoundException">ffmpeg is not installed.</exception>
    /// <exception cref="InvalidDataException">It has fewer frames than asked for.</exception>
    internal static FfmpegVideoReader Open(
        VideoInfo info, long firstFrame, long? count, VideoStart? start, VideoDecoding decoding, VideoLimits limits)
    {
        // Headers may be wrong; the packets, which a start was found by, are not.
        long end = firstFrame + (count ?? 1);
        if (start is null && info.FrameCount < end && VideoIndex.Read(info.Path, limits).Frames is var there && there < end)
        {
            throw new InvalidDataException(VideoIndex.Beyond(info.Path, there, end - 1));
        }
        RawFrames frames = start is { } later
            ? RawFrames.FromTime(info, firstFrame, later, count, decoding, limits)
            : RawFrames.FromBeginning(info, firstFrame, firstFrame + count, decoding, limits);
        return new FfmpegVideoReader(info, new FrameStream(info, frames, firstFrame, count, decoding, limits));
    }

    /// <summary>Goes on with an ffmpeg that was started before: all frames from one on.</summary>
    internal static FfmpegVideoReader From(RawFrames frames, VideoInfo info, long firstFrame, VideoLimits limits)
    {
        info = info with { FrameCount = null };
        return new FfmpegVideoReader(info, new FrameStream(info, frames, firstFrame, count: null, default, limits));
    }

    /// <summary>Reads the next frame in its own size.</summary>
    /// <param name="reuse">An image that is filled again if it has the frame's size; null to make one.</param>
    /// <returns>The frame; null at the end of the video or of the asked frames.</returns>
    /// <exception cref="InvalidDataException">
    /// The video is truncated or damaged, its frames get larger than the limit, or ffmpeg gives none in time; the
    /// message says how many frames could be read.
    /// </exception>
    /// <exception cref="FfmpegEndedException">ffmpeg was ended from outside.</exception>
    public RgbImage? Read(RgbImage? reuse = null)
    {
        if (frames.Next() is not { } frame)
            return null;
        bool fits = (reuse?.Width, reuse?.Height) == (frame.Width, frame.Height);
        RgbImage image = fits ? reuse! : new RgbImage(frame.Width, frame.Height);
        return frames.Fill(image.Pixels) ? image : null;
    }

    /// <inheritdoc cref="Read(RgbImage?)"/>
    /// <param name="reuse">An image that is filled again if it has the frame's size; null to make one.</param>
    /// <param name="cancellation">Asks to stop; the reader is at its end then.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> asked to stop.</exception>
    public async ValueTask<RgbImage?> ReadAsync(RgbImage? reuse = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        await using CancellationTokenRegistration stop = cancellation.Register(frames.Kill);
        try
        {
            return await Task.Run(() => Read(reuse), CancellationToken.None).ConfigureAwait(false);
        }
        // Of an ffmpeg that was killed here one cannot tell that nobody else did it.
        catch (Exception e) when (e is InvalidDataException or FfmpegEndedException && cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
    }

    /// <summary>Reads the next frame of a video that does not change its size.</summary>
    /// <param name="destination">[Height,Width,3] bytes, RGB; of <see cref="Info"/>'s size.</param>
    /// <returns>False at the end of the video or of the asked frames.</returns>
    /// <exception cref="ArgumentException">The buffer has another length.</exception>
    /// <exception cref="InvalidDataException">As of <see cref="Read(RgbImage?)"/>; or the frame has another size.</exception>
    public bool TryRead(Span<byte> destination)
    {
        if (destination.Length != Info.Width * Info.Height * 3)
        {
            throw new ArgumentException(
                $"A {Info.Width}×{Info.Height} frame has {Info.Width * Info.Height * 3} bytes; the buffer has {destination.Length}.",
                nameof(destination));
        }
        if (frames.Next() is not { } frame)
            return false;
        if ((frame.Width, frame.Height) == (Info.Width, Info.Height))
            return frames.Fill(destination);
        throw frames.Refuse(
            $"frame {frame.Number} is {frame.Width}×{frame.Height}, not {Info.Width}×{Info.Height} as those before. "
            + $"Read it by {nameof(Read)}, which gives each frame in its own size.");
    }

    /// <summary>The remaining frames. Those of one size share one buffer: a frame is valid until the next is asked for.</summary>
    /// <exception cref="InvalidDataException">While enumerating: as of <see cref="Read(RgbImage?)"/>.</exception>
    public IEnumerable<VideoFrame> ReadFrames()
    {
        for (RgbImage? image = null; (image = Read(image)) is not null;)
            yield return new VideoFrame(NextFrame - 1, image);
    }

    /// <inheritdoc cref="ReadFrames"/>
    public async IAsyncEnumerable<VideoFrame> ReadFramesAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        for (RgbImage? image = null; (image = await ReadAsync(image, cancellation).ConfigureAwait(false)) is not null;)
            yield return new VideoFrame(NextFrame - 1, image);
    }

    /// <summary>Ends ffmpeg; what reads then fails.</summary>
    internal void Kill() => frames.Kill();

    /// <inheritdoc/>
    public void Dispose() => frames.Dispose();
}

/// <summary>A frame of a video.</summary>
/// <param name="Number">0-based number of the frame in the video, in the order of showing.</param>
/// <param name="Image">Its pixels; the reader uses the buffer again for the next frame.</param>
public readonly record struct VideoFrame(long Number, RgbImage Image);
