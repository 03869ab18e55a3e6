using KeypointMl.Imaging.Files;

namespace KeypointMl.Imaging.Video;

/// <summary>
/// The wanted frames of a video as ffmpeg gives them, one after the other. Drops those before, begins again where
/// ffmpeg lost count at a change of size, and knows at the end whether all came.
/// </summary>
internal sealed class FrameStream : IDisposable
{
    private const int DropBytes = 1 << 16;

    private readonly VideoInfo info;
    private readonly VideoLimits limits;
    private readonly VideoDecoding decoding;
    private readonly long? end;
    private readonly long? expected;
    private readonly bool wholeVideo;
    private RawFrames frames;
    private long read;
    private bool ended;

    /// <param name="info">The video.</param>
    /// <param name="frames">Its frames from the first wanted one, or from an earlier one; disposed of.</param>
    /// <param name="firstFrame">The first wanted one.</param>
    /// <param name="count">How many are wanted; null for all that follow.</param>
    /// <param name="decoding">Where it is decoded.</param>
    /// <param name="limits">Pixels and time.</param>
    public FrameStream(VideoInfo info, RawFrames frames, long firstFrame, long? count, VideoDecoding decoding, VideoLimits limits)
    {
        this.info = info;
        this.frames = frames;
        this.decoding = decoding;
        this.limits = limits;
        end = firstFrame + count;
        expected = count ?? info.FrameCount - firstFrame;
        wholeVideo = count is null;
        NextFrame = firstFrame;
    }

    /// <summary>The number of the frame that comes next.</summary>
    public long NextFrame { get; private set; }

    /// <summary>The number of the frame that was read last; -1 before.</summary>
    public long LastFrame { get; private set; } = -1;

    /// <summary>What ffmpeg said so far.</summary>
    public string Warnings => frames.Process.Errors;

    /// <summary>The next frame that is wanted, whose pixels come next; null at the end.</summary>
    /// <exception cref="InvalidDataException">Fewer frames came than should, or larger ones than the limit.</exception>
    public FrameHeader? Next()
    {
        while (!ended)
        {
            // ffmpeg may announce frames that it does not give any more.
            if (NextFrame == end)
                return AtEnd(partOfFrame: false);
            if (frames.Next() is not { } frame)
            {
                if (!frames.LostFrames)
                    return AtEnd(partOfFrame: false);
                // Its filters do not know the frames' numbers any more: all frames come from now on.
                frames.Dispose();
                frames = RawFrames.FromBeginning(info, skipped: 0, end, decoding, limits);
                continue;
            }
            CheckPixels(frame);
            if (frame.Number >= NextFrame)
            {
                NextFrame = frame.Number;
                return frame;
            }
            Drop((long)frame.Width * frame.Height * 3);
        }
        return null;
    }

    /// <summary>The pixels of the frame that is next; false where the video ends in it.</summary>
    public bool Fill(Span<byte> pixels)
    {
        if (frames.Read(pixels) < pixels.Length)
        {
            AtEnd(partOfFrame: true);
            return false;
        }
        read++;
        (LastFrame, NextFrame) = (NextFrame, frames.NextNumber);
        return true;
    }

    /// <summary>Ends the reading at a frame that cannot be used.</summary>
    public InvalidDataException Refuse(string what)
    {
        ended = true;
        return Fault(what);
    }

    /// <summary>Ends ffmpeg; what reads then fails.</summary>
    public void Kill() => frames.Process.Kill();

    /// <inheritdoc/>
    public void Dispose()
    {
        ended = true;
        frames.Dispose();
    }

    private void Drop(long bytes)
    {
        Span<byte> buffer = new byte[Math.Min(bytes, DropBytes)];
        while (bytes > 0 && frames.Read(buffer[..(int)Math.Min(bytes, buffer.Length)]) is > 0 and var got)
            bytes -= got;
    }

    private void CheckPixels(FrameHeader frame)
    {
        try
        {
            FfmpegInput.CheckPixels(info.Path, frame.Width, frame.Height, limits);
        }
        catch (InvalidDataException)
        {
            ended = true;
            throw;
        }
    }

    // Throws where the video is shorter than it should be.
    private FrameHeader? AtEnd(bool partOfFrame)
    {
        ended = true;
        int exitCode = EndOfFrames.Wait(frames, info.Path, read, expected, limits);
        // A whole video may honestly hold fewer frames than its container declares (an edit list hides some): then
        // ffmpeg does not complain. A range may not.
        bool complains = exitCode != 0 || partOfFrame || frames.Process.Errors.Length > 0;
        bool isShort = expected is not long wanted || read < wanted;
        if (isShort && !complains && end is long last && VideoIndex.Read(info.Path, limits).Frames is var there && there < last)
            throw new InvalidDataException(VideoIndex.Beyond(info.Path, there, last - 1));
        if (isShort && (complains || (!wholeVideo && expected is not null)))
        {
            string reason = frames.Process.Errors.Length > 0 ? $" (ffmpeg: {frames.Process.Errors})" : "";
            throw Fault(
                $"only {read}{EndOfFrames.Of(expected)} frames could be read; the video is truncated or damaged{reason}. "
                + "Copy or re-encode it, or restrict the frames that are used.");
        }
        return null;
    }

    private InvalidDataException Fault(string what) => new($"{PrintableText.Of(info.Path)}: {what}");
}
