using System.Globalization;

namespace KeypointMl.Data;

/// <summary>
/// Writes frames as an H.264 mp4 through ffmpeg. The file appears under its name only after <see cref="Complete"/>. A side of odd length gets one more black pixel, which the
/// pixel format (yuv420p, the one that plays everywhere) needs.
/// </summary>
public sealed class VideoWriter : IDisposable
{
    private readonly string path;
    private readonly string temporary;
    private readonly int frameBytes;
    private readonly FfmpegProcess process;
    private bool completed;

    /// <summary>Starts a video.</summary>
    /// <param name="path">The .mp4 file; its folder must exist. An old file is replaced.</param>
    /// <param name="width">Width of the frames in pixels.</param>
    /// <param name="height">Height of the frames in pixels.</param>
    /// <param name="framesPerSecond">Greater than 0.</param>
    /// <param name="sound">Sound to lay under the frames; null for none.</param>
    /// <exception cref="FfmpegNotFoundException">ffmpeg is not installed.</exception>
    public VideoWriter(string path, int width, int height, double framesPerSecond, VideoSound? sound = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(framesPerSecond);
        this.path = path;
        frameBytes = checked(width * height * 3);
        temporary = AtomicFile.TemporaryName(path);
        process = FfmpegProcess.Start("ffmpeg",
        [
            "-hide_banner", "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", $"{width}x{height}",
            "-r", framesPerSecond.ToString("R", CultureInfo.InvariantCulture), "-i", "pipe:0", .. sound?.InputArguments ?? [], "-map", "0:v:0", .. sound?.OutputArguments ?? [],
            "-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2", "-c:v", "libx264", "-crf", "18", "-pix_fmt", "yuv420p", "-f", "mp4", "-movflags", "+faststart", "-y", FfmpegProcess.FileArgument(temporary),
        ]);
    }

    /// <summary>Appends a frame.</summary>
    /// <param name="frame">[height,width,3] bytes, RGB.</param>
    /// <exception cref="ArgumentException">The buffer has another length.</exception>
    /// <exception cref="IOException">ffmpeg stopped; the message says why.</exception>
    public void Write(ReadOnlySpan<byte> frame)
    {
        if (frame.Length != frameBytes)
            throw new ArgumentException($"A frame has {frameBytes} bytes; {frame.Length} were given.", nameof(frame));
        try
        {
            process.Input.Write(frame);
        }
        catch (IOException error)
        {
            process.WaitForExit();
            throw new IOException($"The video {path} cannot be written: ffmpeg stopped ({process.Errors}).", error);
        }
    }

    /// <summary>Finishes the video and gives it its name.</summary>
    /// <exception cref="IOException">ffmpeg failed; the message says why.</exception>
    public void Complete()
    {
        process.Input.Dispose();
        if (process.WaitForExit() != 0)
            throw new IOException($"The video {path} cannot be written: ffmpeg failed ({process.Errors}).");
        File.Move(temporary, path, overwrite: true);
        completed = true;
    }

    /// <summary>Ends ffmpeg; what was not completed is deleted.</summary>
    public void Dispose()
    {
        process.Dispose();
        if (!completed)
            File.Delete(temporary);
    }
}
