using KeypointMl.Imaging.Video;
using KeypointMl.Scoring.Inputs;

namespace KeypointMl.Scoring.Tests;

/// <summary>What stops the scoring of a video, and is no fault of it.</summary>
[TestClass]
public sealed class VideoFaultTests
{
    [TestMethod]
    [DoNotParallelize] // A script takes the place of ffprobe for the whole process.
    public void Ffprobe_that_is_ended_from_outside_is_no_fault_that_a_plan_would_keep()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        var video = new InputFile(VideoFiles.Write(folder), "v.mp4");
        using var ffprobe = new FakeTool("ffprobe", "kill -KILL $$");

        foreach (Action read in (Action[])[() => VideoFrames.Declared(video), () => VideoFrames.Indexed(video)])
            Assert.ThrowsExactly<FfmpegEndedException>(read);
    }
}
