using System.Globalization;

namespace KeypointMl.Imaging.Video;

/// <summary>Which ffmpeg is installed, and what differs between its versions.</summary>
internal static class FfmpegVersion
{
    private static readonly Lazy<bool> IsBefore51Here = new(() => IsBefore51(ReadFirstLine()), LazyThreadSafetyMode.PublicationOnly);

    /// <summary>
    /// The option that passes every frame through as it is: <c>-vsync passthrough</c> until ffmpeg 5.0, <c>-fps_mode
    /// passthrough</c> since (the old name is going away).
    /// </summary>
    /// <exception cref="FfmpegNotFoundException">ffmpeg is not installed.</exception>
    internal static string[] EveryFrameOnce => [IsBefore51Here.Value ? "-vsync" : "-fps_mode", "passthrough"];

    /// <summary>Whether a list of files can say which formats they may have: since ffmpeg 5.0, here where it is 5.1.</summary>
    /// <exception cref="FfmpegNotFoundException">ffmpeg is not installed.</exception>
    internal static bool HasListOptions => !IsBefore51Here.Value;

    /// <summary>The first line of <c>ffmpeg -version</c>, without the copyright; null where there is no ffmpeg.</summary>
    public static string? Find()
    {
        try
        {
            return ReadFirstLine().Split(" Copyright", 2)[0].Trim();
        }
        catch (FfmpegNotFoundException)
        {
            return null;
        }
    }

    /// <summary>
    /// Whether <c>ffmpeg -version</c>'s first line names a release before 5.1. A build without a release number is
    /// taken for a recent one.
    /// </summary>
    internal static bool IsBefore51(string firstLine)
    {
        string word = firstLine.Split(' ').ElementAtOrDefault(2) ?? "";
        string[] numbers = word.TrimStart('n').Split('.', '-');
        return int.TryParse(numbers[0], NumberStyles.None, CultureInfo.InvariantCulture, out int major)
            && (major < 5 || (major == 5 && (numbers.Length < 2 || numbers[1] == "0")));
    }

    private static string ReadFirstLine()
    {
        using FfmpegProcess process = FfmpegProcess.Start("ffmpeg", ["-version"]);
        process.Input.Dispose();
        process.Expect(VideoLimits.Default.ProbeTime);
        string text = new StreamReader(process.Output).ReadToEnd();
        process.WaitForExit(VideoLimits.Default.ProbeTime);
        return text.Split('\n')[0];
    }
}
