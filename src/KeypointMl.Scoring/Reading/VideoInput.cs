using KeypointMl.Data;

namespace KeypointMl.Scoring;

/// <summary>Reads every n-th frame of a video, and accounts for those that cannot be read.</summary>
internal sealed class VideoInput(InputFile input, BoxTable? boxes, int step) : IDisposable
{
    private FfmpegVideoReader? reader;

    public IEnumerable<InputFrame> Read()
    {
        string? fault = TryOpen();
        if (reader is not null)
        {
            var image = new RgbImage(reader.Info.Width, reader.Info.Height);
            while (TryRead(image, out fault))
            {
                long frame = reader.NextFrame - 1;
                if (frame % step == 0)
                    yield return new InputFrame { Source = input.Name, Frame = frame, Width = image.Width, Height = image.Height, Image = image };
            }
        }
        foreach (long frame in Missing(reader?.NextFrame ?? 0, fault is not null))
            yield return new InputFrame { Source = input.Name, Frame = frame, Error = fault ?? $"The video {input.Path} ends before this frame: it has {reader!.NextFrame} frames." };
    }

    public void Dispose() => reader?.Dispose();

    private string? TryOpen()
    {
        try
        {
            reader = FfmpegVideoReader.Open(input.Path);
            return null;
        }
        catch (Exception e) when (IsFaultOfInput(e))
        {
            return e.Message;
        }
    }

    private bool TryRead(RgbImage image, out string? fault)
    {
        fault = null;
        try
        {
            return reader!.TryRead(image.Pixels);
        }
        catch (InvalidDataException e)
        {
            fault = e.Message;
            return false;
        }
    }

    // With a boxes file, the frames that it names are missing; without, those that the container declares. A fault is reported once at least.
    private IEnumerable<long> Missing(long first, bool isFault)
    {
        first = (first + step - 1) / step * step;
        IEnumerable<long> frames = boxes is not null ? boxes.FramesFrom(input.Name, first).Where(frame => frame % step == 0)
            : isFault ? Declared(first)
            : [];
        return isFault ? frames.DefaultIfEmpty(first) : frames;
    }

    private IEnumerable<long> Declared(long first)
    {
        for (long frame = first; frame < (reader?.Info.FrameCount ?? 0); frame += step)
            yield return frame;
    }

    // A missing ffmpeg is no fault of this input: it fails every video alike, and the whole job with them.
    private static bool IsFaultOfInput(Exception e) => e is InvalidDataException or UnauthorizedAccessException or IOException and not FfmpegNotFoundException;
}
