using System.Globalization;

namespace KeypointMl.Imaging.Video;

/// <summary>Where a video is decoded. <c>default</c>: by the processor.</summary>
public readonly record struct VideoDecoding
{
    /// <summary>
    /// ffmpeg's name of a hardware decoder (<c>ffmpeg -hwaccels</c>), such as <c>cuda</c>, <c>vaapi</c>, <c>qsv</c> or
    /// <c>videotoolbox</c>; null for the processor.
    /// </summary>
    public string? Hardware { get; init; }

    /// <summary>Opens the hardware once, so that its absence is known before work starts and not found out video by video.</summary>
    /// <exception cref="FfmpegNotFoundException">ffmpeg is not installed.</exception>
    /// <exception cref="NotSupportedException">
    /// This ffmpeg or this machine does not have it; the message holds what ffmpeg says.
    /// </exception>
    public void Check()
    {
        if (Hardware is null)
            return;
        using FfmpegProcess process = FfmpegProcess.Start("ffmpeg",
        [
            "-nostdin", "-hide_banner", "-loglevel", "error", "-init_hw_device", Hardware, "-f", "lavfi", "-i",
                "nullsrc=size=16x16:duration=0.04", "-f", "null", "-",
        ]);
        process.Input.Dispose();
        if (process.WaitForExit(VideoLimits.Default.ProbeTime) != 0)
        {
            throw new NotSupportedException(
                $"Videos cannot be decoded by '{Hardware}' here (ffmpeg: {process.Errors}). "
                + "'ffmpeg -hwaccels' lists what this ffmpeg knows; leave it out to decode by the processor.");
        }
    }

    /// <summary>How many threads a decoder may have; 0 leaves the choice to ffmpeg. Of large frames it has one all the same.</summary>
    internal int Threads { get; init; }

    internal string[] Arguments =>
    [
        .. Hardware is null ? Array.Empty<string>() : ["-hwaccel", Hardware],
        .. Threads == 0 ? Array.Empty<string>() : ["-threads", Threads.ToString(CultureInfo.InvariantCulture)],
    ];
}
