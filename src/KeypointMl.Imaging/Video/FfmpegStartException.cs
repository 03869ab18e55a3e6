using System.ComponentModel;

namespace KeypointMl.Imaging.Video;

/// <summary>
/// ffmpeg or ffprobe could not be started: it is not installed (<see cref="FfmpegNotFoundException"/>), may not be run,
/// or the system is short of memory, processes or open files. It says nothing about the video.
/// </summary>
public class FfmpegStartException : IOException
{
    internal FfmpegStartException(string tool, Win32Exception inner)
        : base(
            $"The program '{tool}' is there, but cannot be started: {new Win32Exception(inner.NativeErrorCode).Message}. "
            + "That says nothing about the video: close other programs, raise the system's limits, or see that it may be run.",
            inner)
    {
    }

    private protected FfmpegStartException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
