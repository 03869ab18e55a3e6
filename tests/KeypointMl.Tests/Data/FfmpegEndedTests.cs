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
        using var folder = new TemporaryFolder();
        string path = VideoFiles.Write(folder, noise: true);
        using FfmpegVideoReader reader = FfmpegVideoReader.Open(path);
        Assert.IsNotNull(reader.Read());

        Assert.IsTrue(RunningProcess.Signal("ffmpeg", signal, path));
        var error = Assert.ThrowsExactly<FfmpegEndedException>(() => reader.ReadFrames().Count());

        StringAssert.Matches(error.Message, new Regex(@"ffmpeg was ended from outside \(a signal; exit code \d+\) after \d+ of 30 frames"));
    }

    [TestMethod]
    public async Task Reading_that_is_cancelled_while_ffmpeg_decodes_is_cancelled_and_no_failure()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        string path = VideoFiles.Write(folder, noise: true);
        using FfmpegVideoReader reader = FfmpegVideoReader.Open(path);
        Assert.IsNotNull(reader.Read());
        Assert.IsTrue(RunningProcess.Signal("ffmpeg", "STOP", path)); // it gives what is in the pipe, and then nothing
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        var error = await Assert.ThrowsAsync<OperationCanceledException>(async () =>
        {
            await foreach (VideoFrame _ in reader.ReadFramesAsync(stop.Token))
            {
            }
        });

        Assert.AreEqual(stop.Token, error.CancellationToken);
    }
}
