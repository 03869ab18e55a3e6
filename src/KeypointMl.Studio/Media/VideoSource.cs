using KeypointMl.Imaging.Video;
using KeypointMl.Studio.Answers;
using Microsoft.AspNetCore.Http;

namespace KeypointMl.Studio.Media;

/// <summary>
/// An open video: frames by their numbers, in any order. It knows where the key frames are, keeps one ffmpeg running where it
/// last read, and keeps the last frames for whoever steps back.
/// </summary>
internal sealed class VideoSource : IDisposable
{
    // Starting ffmpeg anew costs more than so many frames through the pipe.
    private const int FramesReadOn = 16;
    private const long KeptBytes = 32 << 20;
    private const int MostKept = 32;

    private readonly VideoIndex index;
    private readonly FfmpegStandby standby;
    private readonly SemaphoreSlim one = new(1, 1);
    private readonly LinkedList<VideoFrame> kept = new();
    private readonly int keeps;
    private FfmpegVideoReader? reader;
    private bool isRetired;

    private VideoSource(VideoIndex index, FfmpegStandby standby)
    {
        (this.index, this.standby) = (index, standby);
        keeps = (int)Math.Clamp(KeptBytes / ((long)Info.Width * Info.Height * 3), 1, MostKept);
    }

    /// <summary>What the file says about itself.</summary>
    public VideoInfo Info => index.Info;

    /// <summary>How many frames there are.</summary>
    public long Frames => index.Frames;

    /// <summary>Reads a video's packets.</summary>
    /// <param name="path">The file.</param>
    /// <param name="standby">Decodes from wherever it is sought.</param>
    /// <inheritdoc cref="VideoIndex.Read" path="/exception"/>
    public static VideoSource Open(string path, FfmpegStandby standby) => new(VideoIndex.Read(path), standby);

    /// <summary>Reads a frame. Its pixels are not used again.</summary>
    /// <exception cref="RefusedException">There is no such frame.</exception>
    /// <exception cref="InvalidDataException">The video is damaged there.</exception>
    /// <exception cref="FfmpegEndedException">ffmpeg was ended from outside; the next reading starts another.</exception>
    /// <exception cref="OperationCanceledException">Nobody waits any more.</exception>
    public Task<VideoFrame> ReadAsync(long frame, CancellationToken cancellation) => ReadAsync(frame, FindAsync, cancellation);

    /// <summary>
    /// Reads what is there soonest: the frame if it is near, else the key frame at or before it, and lets the frame itself be decoded
    /// meanwhile. Its pixels are not used again.
    /// </summary>
    /// <inheritdoc cref="ReadAsync(long, CancellationToken)" path="/exception"/>
    public Task<VideoFrame> ReadNearAsync(long frame, CancellationToken cancellation) => ReadAsync(frame, FindNearAsync, cancellation);

    private async Task<VideoFrame> ReadAsync(
        long frame, Func<long, CancellationToken, Task<VideoFrame>> find, CancellationToken cancellation)
    {
        if (frame >= Frames)
        {
            throw new RefusedException(
                StatusCodes.Status404NotFound, $"The video has {Frames} frames, numbered from 0; frame {frame} was asked for.");
        }
        await one.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await find(frame, cancellation).ConfigureAwait(false);
        }
        finally
        {
            if (isRetired)
                Close();
            one.Release();
        }
    }

    /// <summary>Ends ffmpeg as soon as nobody reads. Who still holds the video may read on, each time by an ffmpeg of its own.</summary>
    public void Dispose()
    {
        one.Wait();
        isRetired = true;
        Close();
        one.Release();
    }

    private async Task<VideoFrame> FindAsync(long frame, CancellationToken cancellation)
    {
        if (Kept(frame) is { } known)
            return known;
        if (!ComesSoon(frame))
        {
            // Whoever goes back a little will go back further.
            bool isStepBack = reader is not null && reader.NextFrame > frame && reader.NextFrame - frame <= 2 * keeps;
            Replace(standby.Open(index, isStepBack ? Math.Max(index.KeyFrameBefore(frame), frame - keeps + 1) : frame));
        }
        while (await NextAsync(cancellation).ConfigureAwait(false) is { } read)
        {
            if (read.Number == frame)
                return read;
        }
        Close();
        throw new RefusedException(StatusCodes.Status404NotFound, $"The video ends before frame {frame}, although it declares more.");
    }

    private async Task<VideoFrame> FindNearAsync(long frame, CancellationToken cancellation)
    {
        if (ComesSoon(frame))
            return await FindAsync(frame, cancellation).ConfigureAwait(false);
        if ((Kept(frame) ?? Kept(index.KeyFrameBefore(frame))) is { } known)
            return known;
        Replace(standby.OpenNear(index, frame));
        return await NextAsync(cancellation).ConfigureAwait(false) ?? await FindAsync(frame, cancellation).ConfigureAwait(false);
    }

    private VideoFrame? Kept(long frame)
    {
        foreach (VideoFrame known in kept)
        {
            if (known.Number == frame)
                return known;
        }
        return null;
    }

    private bool ComesSoon(long frame) => reader is not null && reader.NextFrame <= frame && frame - reader.NextFrame <= FramesReadOn;

    private async Task<VideoFrame?> NextAsync(CancellationToken cancellation)
    {
        try
        {
            if (await reader!.ReadAsync(null, cancellation).ConfigureAwait(false) is not { } image)
                return null;
            var frame = new VideoFrame(reader.LastFrame, image);
            kept.AddLast(frame);
            if (kept.Count > keeps)
                kept.RemoveFirst();
            return frame;
        }
        catch (Exception error) when (error is InvalidDataException or FfmpegEndedException or OperationCanceledException)
        {
            Close();
            throw;
        }
    }

    private void Replace(FfmpegVideoReader next)
    {
        // Whoever waits for the frame need not wait for the end of the process before.
        if (reader is { } before)
            _ = Task.Run(before.Dispose);
        kept.Clear();
        reader = next;
    }

    private void Close()
    {
        reader?.Dispose();
        reader = null;
        kept.Clear();
    }
}
