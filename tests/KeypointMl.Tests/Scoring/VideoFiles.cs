using KeypointMl.Imaging.Video;
using KeypointMl.Tests.Data;

namespace KeypointMl.Tests.Scoring;

/// <summary>
/// Videos made by ffmpeg out of one whose frames are told apart by their grey, which the test detector reports as
/// confidence.
/// </summary>
internal static class VideoFiles
{
    public const int Frames = VideoTests.Frames;

    /// <summary>Runs ffmpeg on a video of <see cref="Frames"/> frames at 25 a second, with two seconds of a tone.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="name">The file to make.</param>
    /// <param name="arguments">Between input and output.</param>
    /// <param name="before">Before the input.</param>
    public static string Make(TemporaryFolder folder, string name, string[] arguments, params string[] before)
    {
        using var sources = new TemporaryFolder();
        string silent = VideoTests.WriteVideo(sources), sound = sources.File("sound.mp4");
        Run(["-i", silent, "-f", "lavfi", "-i", "sine=duration=2", "-map", "0:v", "-map", "1:a", "-c:v", "copy", "-c:a", "aac", sound]);
        string path = folder.File(name);
        Run([.. before, "-i", sound, .. arguments, path]);
        return path;
    }

    /// <summary>Copies the packets of a video from a time on; an edit list hides those before it that decoding needs.</summary>
    public static string Cut(string video, string from, string path)
    {
        Run(["-ss", from, "-i", video, "-c", "copy", path]);
        return path;
    }

    /// <summary>Runs ffmpeg.</summary>
    public static void Run(IEnumerable<string> arguments)
    {
        using FfmpegProcess process = FfmpegProcess.Start("ffmpeg", ["-nostdin", "-v", "error", "-y", .. arguments]);
        process.Input.Dispose();
        Assert.AreEqual(0, process.WaitForExit(TimeSpan.FromMinutes(1)), process.Errors);
    }

    /// <summary>Which frame of the original it is, by its grey.</summary>
    public static int NumberOf(float confidence) =>
        (int)Math.Round((confidence * 255 - VideoTests.GreyOf(0)) / (VideoTests.GreyOf(1) - VideoTests.GreyOf(0)));
}
