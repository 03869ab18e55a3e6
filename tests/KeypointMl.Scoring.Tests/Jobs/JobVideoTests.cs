using KeypointMl.Imaging.Video;
using KeypointMl.Scoring.Jobs;
using KeypointMl.Scoring.Jobs.Results;
using KeypointMl.Scoring.Jobs.Working;
using KeypointMl.Scoring.Pipelines;

namespace KeypointMl.Scoring.Tests;

/// <summary>Jobs over videos, made by the writer; without ffmpeg these tests are skipped.</summary>
[TestClass]
public sealed class JobVideoTests
{
    private const int Frames = 20;

    [TestMethod]
    public async Task Video_is_divided_among_shards_and_every_frame_keeps_its_number()
    {
        using JobFixture fixture = WithVideos("path: VIDEO, first: 1, step: 3");
        await ScorePipeline.Load(fixture.Pipeline).RunAsync([]);
        string[] whole = File.ReadAllLines(fixture.Folder["merged.csv"]);

        JobPlan plan = fixture.Plan("job", 4);
        await fixture.WorkAsync("job");
        await new JobMerger(fixture.Open("job")).MergeAsync([]);

        Assert.AreEqual((7L, 2), (plan.Frames, plan.Shards));
        Assert.IsTrue((await fixture.VerifyAsync("job")).IsComplete);
        CollectionAssert.AreEqual(whole, File.ReadAllLines(fixture.Folder["merged.csv"]));
        CollectionAssert.AreEqual(new[] { 1, 4, 7, 10, 13, 16, 19 }, whole.Skip(1).Select(line => int.Parse(line.Split(',')[1])).ToArray());
    }

    [TestMethod]
    public async Task Smoothing_over_time_gives_the_same_bytes_whatever_the_size_of_shards()
    {
        using JobFixture fixture = WithVideos("path: VIDEO", "steps:\n  - median: 5\n  - one_euro: { rate: 25 }\n");
        File.Copy(fixture.Folder["v.mp4"], fixture.Folder["w.mp4"]);
        File.WriteAllText(fixture.Pipeline,
            File.ReadAllText(fixture.Pipeline).Replace("inputs: [", $"inputs: [{fixture.Folder["w.mp4"]}, "));
        fixture.Plan("small", 3);
        fixture.Plan("large", 1000);

        await fixture.WorkAsync("small");
        await fixture.WorkAsync("large");
        foreach (string job in (string[])["small", "large"])
            await new JobMerger(fixture.Open(job)).MergeAsync([fixture.Folder[$"{job}.jsonl"]]);

        Assert.HasCount(2, fixture.Parts("small"));
        Assert.HasCount(1, fixture.Parts("large"));
        CollectionAssert.AreEqual(
            File.ReadAllBytes(fixture.Folder["small.jsonl"]), File.ReadAllBytes(fixture.Folder["large.jsonl"]));
    }

    [TestMethod]
    public async Task Last_frame_that_is_asked_for_and_not_there_is_a_failed_row()
    {
        using JobFixture fixture = WithVideos("path: VIDEO, first: 18, last: 21");

        fixture.Plan("job", 2);
        WorkSummary summary = await fixture.WorkAsync("job");

        Assert.AreEqual((4L, 2L, 2L), (summary.Frames, summary.Ok, summary.Failed));
        Assert.IsTrue((await fixture.VerifyAsync("job")).IsComplete);
    }

    [TestMethod]
    public async Task Damaged_videos_are_accounted_for_frame_by_frame()
    {
        using JobFixture fixture = WithVideos("path: '*.mp4'");
        byte[] whole = File.ReadAllBytes(fixture.Folder["v.mp4"]);
        File.WriteAllBytes(fixture.Folder["cut.mp4"], whole[..(whole.Length * 3 / 4)]);
        fixture.Folder.Write("no-video.mp4", "text");

        JobPlan plan = fixture.Plan("job", 7);
        WorkSummary summary = await fixture.WorkAsync("job");
        JobState state = await fixture.VerifyAsync("job");

        Assert.IsTrue(state.IsComplete, string.Join('\n', state.Problems));
        Assert.AreEqual(plan.Frames, summary.Frames);
        Assert.AreEqual(2L * Frames + 1, state.Ok + state.Failed);
        Assert.IsGreaterThan(1, state.Failed);
    }

    [TestMethod]
    public async Task Boxes_of_a_divided_video_give_their_rows_once_and_frames_without_a_box_are_counted()
    {
        using JobFixture fixture = WithVideos("path: VIDEO");
        string boxes = fixture.Folder.Write(
            "boxes.csv", "frame,track,x,y,width,height\n3,a,0,0,10,8\n3,b,5,5,10,8\n4,a,500,0,10,8\n19,a,0,0,10,8\n25,a,0,0,10,8\n");
        File.AppendAllText(fixture.Pipeline, $"boxes: {boxes}\n");

        fixture.Plan("job", 4);
        await fixture.WorkAsync("job");
        JobState state = await fixture.VerifyAsync("job");

        Assert.IsTrue(state.IsComplete, string.Join('\n', state.Problems));
        Assert.AreEqual((21L, 17L, 3L, 2L), (state.Frames, state.FramesWithoutBox, state.Ok, state.Failed));
    }

    [TestMethod]
    public async Task Overlays_of_a_job_are_drawn_when_it_is_merged()
    {
        using JobFixture fixture = WithVideos("path: VIDEO, step: 10");
        File.AppendAllText(fixture.Pipeline, $"overlays: {fixture.Folder["overlays"]}\n");
        fixture.Plan("job", 1);

        await fixture.WorkAsync("job");
        await new JobMerger(fixture.Open("job")).MergeAsync([]);

        CollectionAssert.AreEquivalent(
            new[] { "frame-00000000.jpg", "frame-00000010.jpg" },
            Directory.GetFiles(fixture.Folder["overlays/v.mp4"]).Select(Path.GetFileName).ToArray());
    }

    private static JobFixture WithVideos(string source, string extra = "")
    {
        RealData.RequireFfmpeg();
        var fixture = new JobFixture(0, extra);
        string video = fixture.Folder["v.mp4"];
        using (var writer = new VideoWriter(video, TestModels.Width, TestModels.Height, 25))
        {
            for (int i = 0; i < Frames; i++)
                writer.Write(TestImages.Numbered(i).Pixels);
            writer.Complete();
        }
        string inputs = source.Replace("VIDEO", video).Replace("'*.mp4'", $"'{fixture.Folder.Root}/*.mp4'");
        File.WriteAllText(fixture.Pipeline,
            File.ReadAllText(fixture.Pipeline).Replace($"input: {fixture.Folder.Images}", $"inputs: [{{ {inputs} }}]"));
        return fixture;
    }

    [TestMethod]
    public async Task Box_behind_the_end_of_a_video_takes_no_picture_from_the_next()
    {
        using JobFixture fixture = WithVideos("path: '*.mp4'", "boxes: BOXES\noverlays: drawn\n");
        File.Copy(fixture.Folder["v.mp4"], fixture.Folder["w.mp4"]);
        string boxes = fixture.Folder.Write("boxes.csv",
            $"source,frame,track,x,y,width,height\nv.mp4,1,a,0,0,9,9\nv.mp4,{Frames},a,0,0,9,9\nw.mp4,2,a,0,0,9,9\n");
        File.WriteAllText(fixture.Pipeline, File.ReadAllText(fixture.Pipeline)
            .Replace("BOXES", boxes).Replace("drawn", fixture.Folder["drawn"]));
        fixture.Plan("job", 1000);
        await fixture.WorkAsync("job");

        await new JobMerger(fixture.Open("job")).MergeAsync([]);

        string[] drawn = Directory.GetFiles(fixture.Folder["drawn"], "*", SearchOption.AllDirectories);
        Assert.HasCount(2, drawn, string.Join(' ', drawn));
    }
}
