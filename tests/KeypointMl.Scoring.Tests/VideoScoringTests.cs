using KeypointMl.Imaging.Video;
using KeypointMl.Scoring.Rows;
using KeypointMl.Scoring.Running;

namespace KeypointMl.Scoring.Tests;

/// <summary>
/// Videos are made by the writer; without ffmpeg these tests are skipped. What the codec does to single pixels is not
/// the matter here: frames and rows are.
/// </summary>
[TestClass]
public sealed class VideoScoringTests
{
    private const int Frames = 20;

    [TestMethod]
    public async Task Every_nth_frame_gives_a_row_with_its_number()
    {
        using ScoringFolder folder = WithVideo();

        (ScoringSummary summary, IReadOnlyList<PredictionRow> rows) =
            await folder.ScoreAsync(folder.Pipeline("p.csv", folder["v.mp4"], step: 6));

        Assert.AreEqual((4L, 4L, 0L), (summary.Frames, summary.Ok, summary.Failed));
        CollectionAssert.AreEqual(new long[] { 0, 6, 12, 18 }, rows.Select(row => row.Frame).ToArray());
        Assert.IsTrue(rows.All(row => row is { Source: "v.mp4", FrameWidth: TestModels.Width, FrameHeight: TestModels.Height }));
    }

    [TestMethod]
    public async Task Boxes_beyond_the_end_of_the_video_are_failed_rows()
    {
        using ScoringFolder folder = WithVideo();
        string boxes = folder.Write(
            "boxes.csv", "frame,track,x,y,width,height\n3,a,0,0,10,8\n3,b,5,5,10,8\n19,a,0,0,10,8\n20,a,0,0,10,8\n31,b,0,0,10,8\n");

        (ScoringSummary summary, IReadOnlyList<PredictionRow> rows) =
            await folder.ScoreAsync(folder.Pipeline("p.csv", folder["v.mp4"]) with
            {
                Boxes = boxes,
            });

        Assert.AreEqual((3L, 2L, 18L), (summary.Ok, summary.Failed, summary.FramesWithoutBox));
        CollectionAssert.AreEqual(new[] { "3a", "3b", "19a", "20a", "31b" }, rows.Select(row => $"{row.Frame}{row.Item}").ToArray());
        Assert.Contains("ends before this frame: it has 20 frames", rows[3].Error!);
    }

    [TestMethod]
    public async Task Truncated_video_gives_a_failed_row_for_each_frame_that_is_lost()
    {
        using ScoringFolder folder = WithVideo();
        byte[] whole = File.ReadAllBytes(folder["v.mp4"]);
        File.WriteAllBytes(folder["cut.mp4"], whole[..(whole.Length * 3 / 4)]);

        (ScoringSummary summary, IReadOnlyList<PredictionRow> rows) =
            await folder.ScoreAsync(folder.Pipeline("p.csv", folder["cut.mp4"]));

        Assert.IsGreaterThan(0, summary.Failed);
        CollectionAssert.AreEqual(Enumerable.Range(0, Frames).Select(i => (long)i).ToArray(), rows.Select(row => row.Frame).ToArray());
        Assert.Contains("truncated or damaged", rows[^1].Error!);
    }

    [TestMethod]
    public async Task File_that_is_no_video_is_one_failed_row()
    {
        RealData.RequireFfmpeg();
        using var folder = new ScoringFolder();
        string noVideo = folder.Write("v.mp4", "not a video");

        (ScoringSummary summary, IReadOnlyList<PredictionRow> rows) = await folder.ScoreAsync(folder.Pipeline("p.csv", noVideo));

        Assert.AreEqual((0L, 1L), (summary.Ok, summary.Failed));
        Assert.Contains("cannot be read as a video", rows.Single().Error!);
    }

    [TestMethod]
    public async Task Overlays_of_a_video_are_numbered_pictures()
    {
        using ScoringFolder folder = WithVideo();

        await folder.ScoreAsync(folder.Pipeline("p.csv", folder["v.mp4"], step: 10) with { Overlays = folder["overlays"] });

        CollectionAssert.AreEquivalent(
            new[] { "frame-00000000.jpg", "frame-00000010.jpg" },
            Directory.GetFiles(folder["overlays/v.mp4"]).Select(Path.GetFileName).ToArray());
    }

    [TestMethod]
    [DoNotParallelize] // It takes the PATH away from the whole process.
    public async Task Missing_ffmpeg_stops_the_job_with_what_to_install()
    {
        using var folder = new ScoringFolder();
        string video = folder.Write("v.mp4", "never opened");
        string? path = Environment.GetEnvironmentVariable("PATH");
        try
        {
            Environment.SetEnvironmentVariable("PATH", folder.Root);

            var error = await Assert.ThrowsExactlyAsync<FfmpegNotFoundException>(
                () => folder.ScoreAsync(folder.Pipeline("out/p.csv", video)));

            Assert.Contains("apt-get install ffmpeg", error.Message);
            Assert.IsFalse(Directory.Exists(folder["out"]));
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", path);
        }
    }

    private static ScoringFolder WithVideo()
    {
        RealData.RequireFfmpeg();
        var folder = new ScoringFolder();
        using var writer = new VideoWriter(folder["v.mp4"], TestModels.Width, TestModels.Height, 25);
        for (int i = 0; i < Frames; i++)
            writer.Write(TestImages.Numbered(i).Pixels);
        writer.Complete();
        return folder;
    }
}
