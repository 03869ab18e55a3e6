using System.Globalization;
using KeypointMl.Imaging.Files;
using KeypointMl.Imaging.Images;

namespace KeypointMl.Imaging.Video;

/// <summary>
/// Writes frames as an H.264 mp4 through ffmpeg. The file appears under its name only after <see cref="Complete"/>. A
/// side of odd length gets one more black pixel, which the pixel format (yuv420p, the one that plays everywhere) needs.
/// </summary>
public sealed class VideoWriter : IDisposable
{
    private readonly string path;
    private readonly string temporary;
    private readonly int width;
    private readonly int height;
    private readonly int frameBytes;
    private readonly FfmpegProcess process;
    private readonly TimeSpan time;
    private bool completed;

    /// <summary>Starts a video.</summary>
    /// <param name="path">The .mp4 file; its folder must exist. An old file is replaced.</param>
    /// <param name="width">Width of the frames in pixels.</param>
    /// <param name="height">Height of the frames in pixels.</param>
    /// <param name="framesPerSecond">Greater than 0.</param>
    /// <param name="sound">Sound to lay under the frames; null for none.</param>
    /// <param name="limits">How long ffmpeg may take for a frame; null for the default.</param>
    /// <exception cref="DirectoryNotFoundException">The folder is not there.</exception>
    /// <exception cref="FfmpegNotFoundException">ffmpeg is not installed.</exception>
    public VideoWriter(string path, int width, int height, double framesPerSecond, VideoSound? sound = null, VideoLimits? limits = null)
        : this(path, width, height, framesPerSecond, threads: 0, sound, limits)
    {
    }

    /// <summary>The same on so many threads; 0 leaves the choice to ffmpeg.</summary>
    internal VideoWriter(
        string path, int width, int height, double framesPerSecond, int threads, VideoSound? sound = null, VideoLimits? limits = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(framesPerSecond);
        this.path = path;
        this.width = width;
        this.height = height;
        frameBytes = checked(width * height * 3);
        time = (limits ?? VideoLimits.Default).FrameTime;
        temporary = AtomicFile.TemporaryName(path);
        if (!Directory.Exists(Path.GetDirectoryName(temporary)))
            throw TemporaryStream.WithoutFolder(path, null);
        process = FfmpegProcess.Start("ffmpeg",
        [
            "-hide_banner", "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", $"{width}x{height}",
            "-r", framesPerSecond.ToString("R", CultureInfo.InvariantCulture), "-i", "pipe:0", .. sound?.InputArguments
                ?? [], "-map", "0:v:0", .. sound?.OutputArguments ?? [],
            "-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2", "-c:v", "libx264", "-crf", "18", "-pix_fmt", "yuv420p",
            "-threads", threads.ToString(CultureInfo.InvariantCulture), "-f", "mp4", "-movflags", "+faststart", "-y",
            FfmpegProcess.FileArgument(temporary),
        ]);
    }

    /// <summary>
    /// Appends a picture. One of another size than the video's is fitted into it, unstretched, in the middle of
    /// black.
    /// </summary>
    /// <param name="frame">The picture.</param>
    /// <exception cref="IOException">ffmpeg stopped; the message says why.</exception>
    public void Write(RgbImage frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        Write(ImageFitter.Fit(frame, width, height).Pixels);
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
            process.Expect(time);
            process.Input.Write(frame);
            process.Expect(null);
        }
        catch (IOException error)
        {
            process.WaitForExit(time);
            throw new IOException(process.IsOverdue
                ? $"The video {path} cannot be written: ffmpeg took no frame for {time.TotalSeconds:F0} seconds and was "
                + "ended. Is its disk full or too slow?"
                : $"The video {path} cannot be written: ffmpeg stopped ({process.Errors}).", error);
        }
    }

    /// <summary>Finishes the video and gives it its name.</summary>
    /// <exception cref="IOException">ffmpeg failed, or the file cannot be given its name; the message says why.</exception>
    /// <exception cref="UnauthorizedAccessException">The name may not be written.</exception>
    public void Complete()
    {
        process.Input.Dispose();
        WaitWhileItWrites();
        if (process.WaitForExit(time) != 0)
        {
            throw new IOException(process.IsOverdue
                ? $"The video {path} cannot be written: ffmpeg wrote nothing for {time.TotalSeconds:F0} seconds and was "
                + "ended. Is its disk full or too slow?"
                : $"The video {path} cannot be written: ffmpeg failed ({process.Errors}).");
        }
        TemporaryStream.Rename(temporary, path);
        completed = true;
    }

    // The frames that are still encoded, and the moving of the index to the front, may take long: as long as the
    // file changes, it works.
    private void WaitWhileItWrites()
    {
        DateTime last = default;
        while (!process.EndsWithin(time) && File.Exists(temporary) && File.GetLastWriteTimeUtc(temporary) is var now && now != last)
            last = now;
    }

    /// <summary>Ends ffmpeg; what was not completed is deleted.</summary>
    public void Dispose()
    {
        process.Dispose();
        if (completed)
            return;
        try
        {
            File.Delete(temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Its folder is gone, say: what was thrown before says more.
        }
    }
}
