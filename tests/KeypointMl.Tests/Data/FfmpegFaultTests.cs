using KeypointMl.Imaging.Video;

namespace KeypointMl.Tests.Data;

/// <summary>Which failures of ffmpeg and ffprobe are the video's, and which say nothing about it.</summary>
[TestClass]
[DoNotParallelize] // Scripts take the place of ffmpeg for the whole process.
public sealed class FfmpegFaultTests
{
    private const string Killed = "kill -KILL $$";

    [TestMethod]
    [DataRow("kill -SEGV $$")]
    [DataRow("kill -ABRT $$")]
    [DataRow("exit 183")] // AVERROR_INVALIDDATA since ffmpeg 6.1
    public void Ffmpeg_that_crashes_is_a_fault_of_the_video(string end)
    {
        using TemporaryFolder folder = WithVideo(out string path);
        using var ffmpeg = new FakeTool("ffmpeg", end);
        using FfmpegVideoReader reader = FfmpegVideoReader.Open(path);

        var error = Assert.ThrowsExactly<InvalidDataException>(() => reader.ReadFrames().Count());

        Assert.Contains("only 0 of 30 frames could be read", error.Message);
    }

    [TestMethod]
    public void Ffmpeg_that_is_ended_says_what_it_complained_about()
    {
        using TemporaryFolder folder = WithVideo(out string path);
        using var ffmpeg = new FakeTool("ffmpeg", $"echo '[h264 @ 0x1] [error] no frame!' >&2; {Killed}");
        using FfmpegVideoReader reader = FfmpegVideoReader.Open(path);

        var error = Assert.ThrowsExactly<FfmpegEndedException>(() => reader.ReadFrames().Count());

        Assert.Contains("exit code 137) after 0 of 30 frames (ffmpeg: [h264] no frame!)", error.Message);
    }

    [TestMethod]
    public void Ffprobe_that_is_ended_is_no_fault_of_the_video()
    {
        using TemporaryFolder folder = WithVideo(out string path);
        using var ffprobe = new FakeTool("ffprobe", Killed);

        foreach (Action read in (Action[])[() => VideoProbe.Read(path), () => VideoSound.Of(path)])
            Assert.Contains("ffprobe was ended from outside", Assert.ThrowsExactly<FfmpegEndedException>(read).Message);
    }

    [TestMethod]
    public void Packets_before_the_end_of_an_ended_ffprobe_are_no_index()
    {
        using TemporaryFolder folder = WithVideo(out string path);
        using var ffprobe = new FakeTool(
            "ffprobe", $"case \"$*\" in *packet=*) \"$real\" \"$@\" | head -n 5; {Killed};; esac; exec \"$real\" \"$@\"");

        Assert.ThrowsExactly<FfmpegEndedException>(() => VideoIndex.Read(path));
    }

    [TestMethod]
    public void Sizes_of_frames_are_not_guessed_where_ffmpeg_ends_early()
    {
        using TemporaryFolder folder = WithVideo(out string path);

        using (new FakeTool("ffmpeg", Killed))
            Assert.ThrowsExactly<FfmpegEndedException>(() => VideoFrameSizes.Read(path, 29));
        using (new FakeTool("ffmpeg", "exec sleep 60"))
        {
            var limits = new VideoLimits { FrameTime = TimeSpan.FromSeconds(1) };
            Assert.Contains("0 frames could be read; then ffmpeg gave none for 1 seconds",
                Assert.ThrowsExactly<InvalidDataException>(() => VideoFrameSizes.Read(path, 29, limits)).Message);
        }
    }

    // Read at the pace at which it is shown, so that six seconds lie between key frame and frame.
    [TestMethod]
    public void Long_way_from_a_key_frame_is_many_frames_and_none_of_them_slow()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        string path = folder["v.mp4"];
        VideoFiles.Run(
            ["-f", "lavfi", "-i", "testsrc=size=64x48:rate=25:duration=12", "-c:v", "libx264", "-g", "150", "-sc_threshold", "0", path]);
        var index = VideoIndex.Read(path);
        byte[] expected = Read(path, index.StartOf(298), VideoLimits.Default);
        using var slow = new FakeTool("ffmpeg", "exec \"$real\" -re \"$@\"");

        byte[] actual = Read(path, index.StartOf(298), new VideoLimits { FrameTime = TimeSpan.FromSeconds(4) });

        Assert.AreEqual(150, index.KeyFrameBefore(298));
        CollectionAssert.AreEqual(expected, actual);
    }

    [TestMethod]
    public void Program_that_is_there_and_may_not_be_run_is_not_called_missing()
    {
        using var folder = new TemporaryFolder();
        string tool = folder.Write("ffmpeg", "no program");

        var error = Assert.ThrowsExactly<FfmpegStartException>(() => FfmpegProcess.Start(tool, []));

        Assert.Contains("is there, but cannot be started: ", error.Message);
        Assert.DoesNotContain("apt-get install", error.Message);
    }

    private static TemporaryFolder WithVideo(out string path)
    {
        RealData.RequireFfmpeg();
        var folder = new TemporaryFolder();
        path = VideoFiles.Write(folder);
        return folder;
    }

    private static byte[] Read(string path, VideoStart? start, VideoLimits limits)
    {
        using FfmpegVideoReader reader = FfmpegVideoReader.Open(path, firstFrame: 298, count: 1, start, limits: limits);
        return reader.Read()!.Pixels;
    }
}
