using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using KeypointMl.Imaging.Subjects;
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
    [DataRow(255, true)] // SIGINT and SIGTERM, which ffmpeg takes note of
    [DataRow(129, true)]
    [DataRow(130, true)]
    [DataRow(131, true)]
    [DataRow(137, true)]
    [DataRow(143, true)]
    [DataRow(unchecked((int)0xC000013A), true)] // Ctrl+C on Windows
    [DataRow(0, false)]
    [DataRow(1, false)]
    [DataRow(132, false)] // SIGILL, SIGABRT, SIGFPE, SIGSEGV
    [DataRow(134, false)]
    [DataRow(136, false)]
    [DataRow(139, false)]
    [DataRow(171, false)] // AVERROR_UNKNOWN, AVERROR_INVALIDDATA, AVERROR_EXTERNAL since ffmpeg 6.1
    [DataRow(183, false)]
    [DataRow(187, false)]
    public void Exit_code_tells_an_end_from_outside_from_a_failure(int exitCode, bool ended) =>
        Assert.AreEqual(ended, FfmpegProcess.WasEnded(exitCode));

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task Video_whose_ffmpeg_was_ended_is_searched_once_more_and_else_left_out(bool again)
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        (string hit, string spared) = (folder["long.mp4"], VideoFiles.Write(folder, noise: true));
        VideoFiles.Run(["-f", "lavfi", "-i", "testsrc2=s=320x240:d=120", "-c:v", "libx264", "-preset", "ultrafast", hit]);
        ConcurrentQueue<SubjectSearchResult> results = [];
        var search = new SubjectSearch { Boxes = folder["boxes.csv"], Options = new SubjectFinderOptions { Count = 1, Size = 8 } };

        Task<int> run = Task.Run(() => search.Run([(hit, "hit"), (spared, "spared")], results.Enqueue));
        int kills = 0;
        while (results.IsEmpty && !run.IsCompleted && (kills == 0 || again))
        {
            kills += RunningProcess.Signal("ffmpeg", "KILL", hit) ? 1 : 0;
            await Task.Yield();
        }
        await run;

        Assert.IsGreaterThan(0, kills);
        Assert.AreEqual(again, results.First().Error?.Contains("was ended from outside") == true);
        Assert.AreEqual("spared", results.Last().Name);
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
