using System.Diagnostics.CodeAnalysis;
using KeypointMl.Imaging.Files;
using KeypointMl.Imaging.Images;
using KeypointMl.Imaging.Video;
using KeypointMl.Scoring.Inputs;

namespace KeypointMl.Scoring.Reading;

/// <summary>Reads the frames of a video that are asked for, and accounts for those that cannot be read.</summary>
/// <param name="input">The video, and which of its frames.</param>
/// <param name="boxes">Names frames behind its end; null for none.</param>
/// <param name="decoding">Where it is decoded.</param>
/// <param name="cancellation">Asks to stop, in the middle of a long way to the first frame too.</param>
internal sealed class VideoInput(InputFile input, BoxTable? boxes, VideoDecoding decoding, CancellationToken cancellation) : IDisposable
{
    private FfmpegVideoReader? reader;
    private CancellationTokenRegistration stop;
    private long next = input.First;

    /// <summary>Every frame that is asked for once, in order; at least one, for a video without any is a fault.</summary>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    public IEnumerable<InputFrame> Read()
    {
        string? fault = TryOpen();
        if (reader is not null)
        {
            RgbImage? image = null;
            while (next < input.End && TryRead(ref image, out fault))
            {
                long frame = reader.NextFrame - 1;
                if (frame != next)
                    continue;
                next += input.Step;
                yield return new InputFrame
                {
                    Source = input.Name,
                    Frame = frame,
                    Step = input.Step,
                    Width = image.Width,
                    Height = image.Height,
                    Image = image,
                };
            }
        }
        if (fault is null && next == input.First)
            fault = reader!.NextFrame == 0 ? $"The video {PrintableText.Of(input.Path)} has no frames." : EndsBefore();
        foreach (long frame in Missing(fault is not null))
            yield return new InputFrame { Source = input.Name, Frame = frame, Step = input.Step, Error = fault ?? EndsBefore() };
    }

    public void Dispose()
    {
        stop.Dispose();
        reader?.Dispose();
    }

    private string? TryOpen()
    {
        try
        {
            reader = FfmpegVideoReader.Open(input.Path, input.First, start: input.Start, decoding: decoding);
            stop = cancellation.Register(reader.Kill);
            return null;
        }
        catch (Exception e) when (IsFaultOfInput(e))
        {
            return e.Message;
        }
    }

    // In the frame's own size, which may change.
    private bool TryRead([NotNullWhen(true)] ref RgbImage? image, out string? fault)
    {
        fault = null;
        try
        {
            image = reader!.Read(image);
            cancellation.ThrowIfCancellationRequested();
            return image is not null;
        }
        // Of an ffmpeg that was killed here one cannot tell that nobody else did it.
        catch (Exception e) when (e is InvalidDataException or FfmpegEndedException && cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
        catch (InvalidDataException e)
        {
            fault = e.Message;
            return false;
        }
    }

    // What is expected or, of a damaged video, declared by the container, and the frames behind that which a boxes file
    // names. A fault is reported once at least.
    private IEnumerable<long> Missing(bool isFault)
    {
        long expected = input.Count is long count ? input.First + count * input.Step : isFault ? reader?.Info.FrameCount ?? 0 : 0;
        IEnumerable<long> boxed = boxes?.FramesFrom(input.Name, Math.Max(next, expected)).TakeWhile(frame => frame < input.End)
            .Where(frame => (frame - input.First) % input.Step == 0) ?? [];
        IEnumerable<long> frames = From(next, expected).Concat(boxed);
        return isFault ? frames.DefaultIfEmpty(next) : frames;
    }

    private IEnumerable<long> From(long first, long end)
    {
        for (long frame = first; frame < end; frame += input.Step)
            yield return frame;
    }

    // What was not read from its beginning does not tell how much there is before.
    private string EndsBefore() => next > input.First || input.First == 0
        ? $"The video {PrintableText.Of(input.Path)} ends before this frame: it has {reader!.NextFrame} frames."
        : $"The video {PrintableText.Of(input.Path)} ends before this frame.";

    // An ffmpeg that cannot be started or was ended from outside is no fault of this input.
    private static bool IsFaultOfInput(Exception e) =>
        e is InvalidDataException or UnauthorizedAccessException or IOException and not (FfmpegStartException or FfmpegEndedException);
}
