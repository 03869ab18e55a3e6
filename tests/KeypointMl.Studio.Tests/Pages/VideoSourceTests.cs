using KeypointMl.Imaging.Video;
using KeypointMl.Studio.Media;

namespace KeypointMl.Studio.Tests.Pages;

[TestClass]
public sealed class VideoSourceTests
{
    [TestMethod]
    public async Task Video_whose_ffmpeg_was_ended_from_outside_is_read_by_another()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        string path = VideoFiles.Write(folder, noise: true);
        using var standby = new FfmpegStandby();
        using var video = VideoSource.Open(path, standby);
        await video.ReadAsync(0, CancellationToken.None);
        Assert.IsTrue(RunningProcess.Signal("ffmpeg", "KILL", path));
        await Assert.ThrowsExactlyAsync<FfmpegEndedException>(() => video.ReadAsync(14, CancellationToken.None));

        VideoFrame frame = await video.ReadAsync(14, CancellationToken.None);

        Assert.AreEqual(14, frame.Number);
    }
}
