namespace KeypointMl.Imaging.Video;

/// <summary>
/// ffmpeg or ffprobe was ended from outside while it read a video, as a terminal's Ctrl+C does, or the system where
/// memory is short: it says nothing about the video, which can be read again.
/// </summary>
/// <param name="message">Which video, after how many frames, and ffmpeg's exit code.</param>
public sealed class FfmpegEndedException(string message) : IOException(message);
