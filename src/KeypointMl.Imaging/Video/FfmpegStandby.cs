namespace KeypointMl.Imaging.Video;

/// <summary>
/// Opens videos at a frame, sooner than <see cref="FfmpegVideoReader.Open(string, long, long?, VideoStart?, VideoDecoding, VideoLimits?)"/>
/// does: one ffmpeg is kept that has its libraries loaded and waits for the name of a file. The frames are the same. For whoever seeks
/// again and again while somebody watches.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class FfmpegStandby : IDisposable
{
    // Between frames that are nearer to each other, the clocks of some containers cannot begin.
    private const double LeastTimeBetweenFrames = 0.004;

    private readonly Lock access = new();
    private Task<RawFrames?>? waiting; // of null where this ffmpeg cannot be told which formats a list may lead to
    private bool isDisposed;

    /// <summary>Whether an ffmpeg waits.</summary>
    public bool IsReady
    {
        get
        {
            lock (access)
                return waiting is { IsCompletedSuccessfully: true, Result: not null };
        }
    }

    /// <summary>Starts an ffmpeg in the background, if none waits yet.</summary>
    public void Prepare()
    {
        lock (access)
        {
            if (isDisposed || waiting is { IsCompleted: false } or { IsCompletedSuccessfully: true })
                return;
            waiting = Task.Run(() => FfmpegVersion.HasListOptions ? RawFrames.Waiting(VideoLimits.Default) : null);
        }
    }

    /// <summary>The same after a while.</summary>
    public void Prepare(TimeSpan later) => _ = Task.Delay(later).ContinueWith(_ => Prepare(), TaskScheduler.Default);

    /// <summary>Opens a video at a frame.</summary>
    /// <param name="index">What its packets tell.</param>
    /// <param name="frame">0-based number of the first frame that is read.</param>
    /// <exception cref="FfmpegNotFoundException">ffmpeg is not installed.</exception>
    public FfmpegVideoReader Open(VideoIndex index, long frame) => Open(index, frame, frame);

    /// <summary>
    /// Opens a video at the key frame at or before a frame. Where an ffmpeg waits, the frame itself comes next, and those behind it;
    /// otherwise those behind the key frame. <see cref="FfmpegVideoReader.NextFrame"/> tells.
    /// </summary>
    /// <inheritdoc cref="Open(VideoIndex, long)"/>
    public FfmpegVideoReader OpenNear(VideoIndex index, long frame) => Open(index, frame, index.KeyFrameBefore(frame));

    private FfmpegVideoReader Open(VideoIndex index, long frame, long first)
    {
        VideoInfo info = index.Info;
        if (index.StartOf(frame) is { } start && index.TimeBefore(frame) >= LeastTimeBetweenFrames && FfmpegInput.Threads(info) is [])
        {
            double from = Math.Max(start.From, start.Seek + RawFrames.ListPrecision / 2);
            if (FfmpegInput.ListOf(info.Path, from) is { } list && Take() is { } frames)
            {
                if (frames.Begin(list, frame, new KeyFrame(index.KeyFrameBefore(frame), start.Seek - from)))
                    return FfmpegVideoReader.From(frames, info, first, VideoLimits.Default);
                frames.Dispose();
            }
        }
        return FfmpegVideoReader.Open(info with { FrameCount = null }, first, null, index.StartOf(first), default, VideoLimits.Default);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Task<RawFrames?>? last;
        lock (access)
        {
            isDisposed = true;
            (last, waiting) = (waiting, null);
        }
        last?.ContinueWith(started =>
        {
            if (started.IsCompletedSuccessfully)
                started.Result?.Dispose();
        }).Wait();
    }

    private RawFrames? Take()
    {
        lock (access)
        {
            if (waiting is not { IsCompletedSuccessfully: true, Result: { } ready })
                return null;
            waiting = null;
            return ready;
        }
    }
}
