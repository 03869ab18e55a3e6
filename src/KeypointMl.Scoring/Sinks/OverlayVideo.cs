using KeypointMl.Imaging.Images;
using KeypointMl.Imaging.Video;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Scoring.Inputs;
using KeypointMl.Scoring.Rows;

namespace KeypointMl.Scoring.Sinks;

/// <summary>One video that is read once more and written with poses on it; holds one frame.</summary>
internal sealed class OverlayVideo : IDisposable
{
    private readonly InputFile input;
    private readonly Skeleton skeleton;
    private readonly FfmpegVideoReader reader;
    private readonly VideoWriter writer;
    private RgbImage? image;
    private long next;
    private bool hasEnded;
    private bool hasFrames;
    private string? fault;

    private OverlayVideo(InputFile input, string path, Skeleton skeleton, FfmpegVideoReader reader)
    {
        (this.input, this.skeleton, this.reader, next) = (input, skeleton, reader, input.First);
        double rate = reader.Info.FramesPerSecond;
        VideoSound? sound = VideoSound.Of(input.Path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        writer = new VideoWriter(path, reader.Info.Width, reader.Info.Height, rate / input.Step, sound is null ? null : sound with
        {
            Start = input.First / rate,
            Seconds = input.End == long.MaxValue ? null : (input.End - input.First) / rate,
        });
    }

    /// <summary>Why no frame could be read; null where one was, or may still be.</summary>
    public string? Fault => hasEnded && !hasFrames ? fault ?? "It has no such frames." : null;

    /// <summary>Begins; null where the video cannot be read, and why.</summary>
    public static OverlayVideo? TryOpen(
        InputFile input, string path, Skeleton skeleton, VideoDecoding decoding, out string? fault)
    {
        FfmpegVideoReader reader;
        fault = null;
        try
        {
            reader = FfmpegVideoReader.Open(input.Path, input.First, decoding: decoding);
        }
        catch (Exception e) when (e is InvalidDataException or FileNotFoundException or UnauthorizedAccessException)
        {
            fault = e.Message;
            return null;
        }
        try
        {
            return new OverlayVideo(input, path, skeleton, reader);
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>Writes the frames up to one, and that one with poses on it.</summary>
    public void Draw(long frame, IEnumerable<PredictionRow> rows)
    {
        while (next < frame && ReadNext())
            Write(image!);
        if (next != frame || !ReadNext())
            return;
        Write(RowPainter.Paint(image!, skeleton, rows));
    }

    /// <summary>Writes the frames that are left and gives the video its name, if it has any.</summary>
    public void Complete()
    {
        while (next < input.End && ReadNext())
            Write(image!);
        // One without any frame is no video.
        if (hasFrames)
            writer.Complete();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        writer.Dispose();
        reader.Dispose();
    }

    private void Write(RgbImage drawn)
    {
        hasFrames = true;
        // A video file has one size: frames of others are fitted into it, after they were drawn on in their own pixels.
        writer.Write(drawn);
    }

    // The next scored frame; false at the end.
    private bool ReadNext()
    {
        try
        {
            while (!hasEnded && (image = reader.Read(image)) is not null)
            {
                if (reader.NextFrame - 1 != next)
                    continue;
                next += input.Step;
                return true;
            }
        }
        catch (InvalidDataException e)
        {
            // Damaged from here on, which the rows say.
            fault = e.Message;
        }
        hasEnded = true;
        return false;
    }
}
