using KeypointMl.Data;

namespace KeypointMl.Scoring;

/// <summary>How many frames of a video are to be scored.</summary>
internal static class VideoFrames
{
    /// <summary>By what the header says; null where it does not. A file that cannot be read as a video counts as one: the failure that it will be.</summary>
    /// <exception cref="FfmpegNotFoundException">ffmpeg is not installed.</exception>
    public static long? Declared(InputFile input) => Scored(input, () => VideoProbe.Read(input.Path).FrameCount);

    /// <summary>By going through its packets, without decoding them.</summary>
    /// <inheritdoc cref="Declared" path="/exception"/>
    public static long Counted(InputFile input) => Scored(input, () => VideoProbe.CountFrames(input.Path)) ?? 1;

    private static long? Scored(InputFile input, Func<long?> count)
    {
        try
        {
            return count() is long frames ? Math.Max(1, (frames - input.First + input.Step - 1) / input.Step) : null;
        }
        catch (Exception e) when (e is InvalidDataException or UnauthorizedAccessException or IOException and not FfmpegNotFoundException)
        {
            return 1;
        }
    }
}
