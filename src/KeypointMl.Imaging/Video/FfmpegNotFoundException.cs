namespace KeypointMl.Imaging.Video;

/// <summary>ffmpeg or ffprobe is not installed, or not on the PATH.</summary>
public sealed class FfmpegNotFoundException(string tool, Exception? inner)
    : FfmpegStartException(
        $"The program '{tool}' cannot be started; videos are read and written through it. Install ffmpeg (Debian, Ubuntu: "
        + "apt-get install ffmpeg; Fedora: dnf install ffmpeg-free; macOS: brew install ffmpeg; "
        + "Windows: winget install ffmpeg) so that it is on the PATH, or give a folder of images instead of a video.",
        inner);
