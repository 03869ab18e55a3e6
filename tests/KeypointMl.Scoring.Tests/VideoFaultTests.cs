using KeypointMl.Imaging.Video;
using KeypointMl.Scoring.Inputs;
using KeypointMl.Scoring.Reading;

namespace KeypointMl.Scoring.Tests;

/// <summary>What stops the scoring of a video, and is no fault of it.</summary>
[TestClass]
public sealed class VideoFaultTests
{
    // Only a test that fails waits so long.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [TestMethod]
    [DoNotParallelize] // A script takes the place of ffprobe for the whole process.
    public void Ffprobe_that_is_ended_from_outside_is_no_fault_that_a_plan_would_keep()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        var video = new InputFile(VideoFiles.Write(folder), "v.mp4");
        using var ffprobe = new FakeTool("ffprobe", "kill -KILL $$");

        foreach (Action read in (Action[])[() => VideoFrames.Declared(video), () => VideoFrames.Indexed(video, CancellationToken.None)])
            Assert.ThrowsExactly<FfmpegEndedException>(read);
    }

    [TestMethod]
    public async Task Video_is_cancelled_on_the_way_to_its_first_frame()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        string path = VideoFiles.WriteLong(folder);
        using var stop = new CancellationTokenSource();
        using var video = new VideoInput(new InputFile(path, "long.mp4") { First = 99_000 }, null, default, stop.Token);
        var reading = Task.Run(() => video.Read().First(), CancellationToken.None);
        Assert.IsTrue(SpinWait.SpinUntil(() => RunningProcess.Signal("ffmpeg", "STOP", path), Patience));

        await stop.CancelAsync();

        await Assert.ThrowsExactlyAsync<OperationCanceledException>(() => reading.WaitAsync(Patience));
    }
}
