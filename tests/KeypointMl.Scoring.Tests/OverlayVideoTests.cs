using KeypointMl.Imaging.Video;
using KeypointMl.Scoring.Inputs;
using KeypointMl.Scoring.Jobs.Results;
using KeypointMl.Scoring.Pipelines;
using KeypointMl.Scoring.Running;

namespace KeypointMl.Scoring.Tests;

[TestClass]
public sealed class OverlayVideoTests
{
    [TestMethod]
    [DataRow("", 30, 25)]
    [DataRow(", first: 10, step: 5", 4, 5)]
    [DataRow(", first: 4, last: 9", 6, 25)]
    public async Task Video_has_the_scored_frames_and_the_sound(string range, int frames, double rate)
    {
        RealData.RequireFfmpeg();
        using var videos = new TemporaryFolder();
        using JobFixture fixture = WithVideo(VideoFiles.Make(videos, "v.mp4", ["-c", "copy"]), range);

        await ScorePipeline.Load(fixture.Pipeline).RunAsync([]);
        byte[] atOnce = AssertVideo();
        File.Delete(fixture.Folder["overlays/v.mp4"]);
        fixture.Plan("job", 4);
        await fixture.WorkAsync("job");
        await new JobMerger(fixture.Open("job")).MergeAsync([]);

        CollectionAssert.AreEqual(atOnce, AssertVideo());

        byte[] AssertVideo()
        {
            string path = fixture.Folder["overlays/v.mp4"];
            VideoInfo info = VideoProbe.Read(path);
            Assert.AreEqual((frames, rate), ((int)VideoIndex.Read(path).Frames, info.FramesPerSecond));
            Assert.AreEqual("aac", VideoProbe.SoundCodec(path));
            return File.ReadAllBytes(path);
        }
    }

    [TestMethod]
    public async Task Video_that_changes_its_size_is_drawn_in_its_first_one()
    {
        RealData.RequireFfmpeg();
        using var videos = new TemporaryFolder();
        using JobFixture fixture = WithVideo(VideoThatChangesSize.Make(videos, "v.webm"), ", first: 5");

        await ScorePipeline.Load(fixture.Pipeline).RunAsync([]);

        using FfmpegVideoReader reader = FfmpegVideoReader.Open(fixture.Folder["overlays/v.webm.mp4"]);
        Assert.AreEqual((64, 48), (reader.Info.Width, reader.Info.Height));
        byte[][] frames = [.. reader.ReadFrames().Select(frame => frame.Image.Pixels.ToArray())];
        Assert.HasCount(VideoThatChangesSize.Frames - 5, frames);
        // 48×80 fits as 29×48 in the middle; black is left and right of it.
        Assert.IsLessThan(8, (int)frames[20][(24 * 64 + 4) * 3]);
        Assert.IsGreaterThan(150, (int)frames[20][(2 * 64 + 32) * 3]);
    }

    [TestMethod]
    public async Task Frames_without_a_box_are_in_the_video_too()
    {
        RealData.RequireFfmpeg();
        using var videos = new TemporaryFolder();
        using JobFixture fixture = WithVideo(VideoFiles.Make(videos, "v.mp4", ["-c", "copy"]), "");
        string boxes = fixture.Folder.Write("boxes.csv", "frame,track,x,y,width,height\n3,a,0,0,20,16\n9,a,0,0,20,16\n");
        File.AppendAllText(fixture.Pipeline, $"boxes: {boxes}\n");

        await ScorePipeline.Load(fixture.Pipeline).RunAsync([]);

        Assert.AreEqual(VideoFiles.Frames, VideoIndex.Read(fixture.Folder["overlays/v.mp4"]).Frames);
    }

    [TestMethod]
    public async Task Sound_that_an_mp4_cannot_hold_is_encoded()
    {
        RealData.RequireFfmpeg();
        using var videos = new TemporaryFolder();
        using JobFixture fixture = WithVideo(VideoFiles.Make(videos, "v.mkv", ["-c:v", "copy", "-c:a", "pcm_s16le"]), "");

        await ScorePipeline.Load(fixture.Pipeline).RunAsync([]);

        Assert.AreEqual("aac", VideoProbe.SoundCodec(fixture.Folder["overlays/v.mkv.mp4"]));
    }

    [TestMethod]
    public async Task Video_that_cannot_be_read_has_no_overlay_and_its_row()
    {
        RealData.RequireFfmpeg();
        using var videos = new TemporaryFolder();
        using JobFixture fixture = WithVideo(videos.Write("v.mp4", "no video"), "");

        ScoringSummary summary = await ScorePipeline.Load(fixture.Pipeline).RunAsync([]);

        Assert.AreEqual(1, summary.Failed);
        Assert.IsFalse(Directory.Exists(fixture.Folder["overlays"]));
    }

    [TestMethod]
    public async Task Overlay_that_would_replace_its_video_is_refused()
    {
        RealData.RequireFfmpeg();
        using var videos = new TemporaryFolder();
        using JobFixture fixture = WithVideo(VideoFiles.Make(videos, "v.mp4", ["-c", "copy"]), "", videos.Path);

        Assert.Contains("would replace it",
            (await Assert.ThrowsExactlyAsync<InvalidDataException>(() => ScorePipeline.Load(fixture.Pipeline).RunAsync([]))).Message);
    }

    [TestMethod]
    public async Task Hardware_decoder_that_is_not_to_be_had_is_refused_before_work_starts()
    {
        RealData.RequireFfmpeg();
        using var fixture = new JobFixture(1, "hardware_decoding: abacus\n");

        Assert.Contains("cannot be decoded by 'abacus' here",
            (await Assert.ThrowsExactlyAsync<NotSupportedException>(() => ScorePipeline.Load(fixture.Pipeline).RunAsync([]))).Message);
        Assert.ThrowsExactly<NotSupportedException>(() => fixture.Plan("job", 4));
    }

    private static JobFixture WithVideo(string video, string range, string? overlays = null)
    {
        var fixture = new JobFixture(0);
        File.WriteAllText(fixture.Pipeline,
            File.ReadAllText(fixture.Pipeline).Replace($"input: {fixture.Folder.Images}", $"inputs: [{{ path: {video}{range} }}]"));
        File.AppendAllText(fixture.Pipeline, $"overlay_videos: {overlays ?? fixture.Folder["overlays"]}\n");
        return fixture;
    }

    [TestMethod]
    [DataRow(0.0, true)]
    [DataRow(25.0, false)]
    public void Video_without_a_frame_rate_cannot_be_drawn(double rate, bool isRefused)
    {
        var header = new VideoInfo("v.mjpeg", 8, 8, null, rate, "mjpeg");

        if (isRefused)
        {
            var error = Assert.ThrowsExactly<InvalidDataException>(() => VideoFrames.RequireFrameRate(header));
            Assert.Contains("v.mjpeg does not say", error.Message);
        }
        else
        {
            VideoFrames.RequireFrameRate(header);
        }
    }
}
