using KeypointMl.Imaging.Files;

namespace KeypointMl.Imaging.Video;

/// <summary>Tells the end of a video from an ffmpeg that was stopped before it.</summary>
internal static class EndOfFrames
{
    /// <summary>Waits for ffmpeg, which gives no more frames, to end.</summary>
    /// <param name="frames">What it gave.</param>
    /// <param name="path">The video.</param>
    /// <param name="read">How many frames were read.</param>
    /// <param name="expected">How many should have been; null where that is not known.</param>
    /// <param name="limits">Pixels and time.</param>
    /// <returns>ffmpeg's exit code.</returns>
    /// <exception cref="InvalidDataException">It came to frames above the limit, or gave none in time.</exception>
    /// <exception cref="FfmpegEndedException">It was ended from outside before all frames were read.</exception>
    internal static int Wait(RawFrames frames, string path, long read, long? expected, VideoLimits limits)
    {
        string name = PrintableText.Of(path);
        if (frames.IsTooLarge)
        {
            throw new InvalidDataException(
                $"{name}: {read} frames could be read; those behind have more pixels than the limit of {limits.MaxPixels:N0}. "
                + FfmpegInput.Advice);
        }
        int exitCode = frames.Process.WaitForExit(limits.FrameTime);
        if (frames.Process.IsOverdue)
        {
            throw new InvalidDataException(
                $"{name}: {read} frames could be read; then ffmpeg gave none for {limits.FrameTime.TotalSeconds:F0} seconds and was "
                + "ended. The video is damaged, or its disk too slow: copy or re-encode it.");
        }
        if (expected is not long wanted || read < wanted)
            frames.Process.ThrowIfEnded(exitCode, path, $" after {read}{Of(expected)} frames");
        return exitCode;
    }

    /// <summary>Of how many, with a space before it; empty where that is not known.</summary>
    internal static string Of(long? expected) => expected is long number ? $" of {number}" : "";
}
