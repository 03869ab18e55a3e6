using System.Diagnostics;
using System.Text.RegularExpressions;
using KeypointMl.Imaging.Video;

namespace KeypointMl.Tests.Data;

/// <summary>ffmpeg's process ends before its video does.</summary>
[TestClass]
public sealed class FfmpegEndedTests
{
    // A terminal's Ctrl+C ends ffmpeg as it ends this process; the memory's guardian may end ffmpeg alone.
    [TestMethod]
    [DataRow("TERM")]
    [DataRow("KILL")]
    public void Ffmpeg_that_is_ended_from_outside_is_no_fault_of_the_video(string signal)
    {
        RealData.RequireFfmpeg();
        if (!OperatingSystem.IsLinux())
            Assert.Inconclusive("Its process is found in /proc.");
        using var folder = new TemporaryFolder();
        string path = VideoFiles.Write(folder, noise: true);
        using FfmpegVideoReader reader = FfmpegVideoReader.Open(path);
        Assert.IsNotNull(reader.Read());
        string ffmpeg = Directory.GetDirectories("/proc").Select(process => Path.GetFileName(process)).Single(id =>
            int.TryParse(id, out _) && CommandLineOf(id) is var line && line.StartsWith("ffmpeg\0", StringComparison.Ordinal)
            && line.Contains(path));

        using (var kill = Process.Start("kill", [$"-{signal}", ffmpeg]))
            kill.WaitForExit();
        var error = Assert.ThrowsExactly<FfmpegEndedException>(() => reader.ReadFrames().Count());

        StringAssert.Matches(error.Message, new Regex(@"ffmpeg was ended from outside \(a signal; exit code \d+\) after \d+ of 30 frames"));

        static string CommandLineOf(string id)
        {
            try
            {
                return File.ReadAllText($"/proc/{id}/cmdline");
            }
            catch (IOException)
            {
                return ""; // it has ended meanwhile
            }
        }
    }
}
