using System.Text;
using System.Text.Json;
using KeypointMl.Scoring.Jobs;
using KeypointMl.Scoring.Jobs.Working;

namespace KeypointMl.Studio.Tests.Pages;

/// <summary>Predictions over their video, and the frames that most likely are wrong.</summary>
[TestClass]
public sealed class TrustTests
{
    private const int Jump = 17;

    [TestMethod]
    public async Task Predictions_are_shown_over_their_video()
    {
        await using StudioUnderTest studio = await WithPredictionsAsync();

        JsonElement frame = await studio.GetAsync("/api/poses?file=0/v.mp4&frame=5");

        Assert.AreEqual("predictions", frame.GetProperty("from").GetString());
        Assert.AreEqual(15, frame.GetProperty("poses")[0].GetProperty("points")[0][0].GetSingle());
    }

    [TestMethod]
    public async Task Jump_is_an_event_of_the_timeline_and_among_the_worst()
    {
        await using StudioUnderTest studio = await WithPredictionsAsync();

        JsonElement timeline = await studio.GetAsync("/api/timeline?file=0/v.mp4"), worst = await studio.GetAsync("/api/worst");

        Assert.IsTrue(timeline.GetProperty("events").EnumerateArray().Any(
            one => one.GetProperty("kind").GetString() == "jump" && one.GetProperty("frame").GetInt32() == Jump), timeline.ToString());
        JsonElement first = worst[0];
        Assert.AreEqual(Jump, first.GetProperty("frame").GetInt32());
        Assert.AreEqual("0/v.mp4", first.GetProperty("file").GetString());
        using HttpResponseMessage picture = await studio.Client.GetAsync($"/api/thumbnail?file=0/v.mp4&frame={Jump}");
        Assert.AreEqual("image/jpeg", picture.Content.Headers.ContentType?.MediaType);
    }

    [TestMethod]
    public async Task Timeline_is_not_sure_of_a_point_that_is_not_there()
    {
        RealData.RequireFfmpeg();
        string path = "";
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync(options => options with { Predictions = [path] }, folder =>
        {
            File.Move(VideoFiles.Write(folder), folder["media/v.mp4"]);
            path = folder.Write("poses.csv", "source,frame,item,red_x,red_y,blue_x,blue_y\nv.mp4,0,a,3,3,,\n");
        });

        JsonElement sure = (await studio.GetAsync("/api/timeline?file=0/v.mp4")).GetProperty("tracks")[0].GetProperty("confidence");

        Assert.AreEqual(1, sure[0][0].GetSingle());
        Assert.AreEqual(JsonValueKind.Null, sure[1][0].ValueKind);
    }

    [TestMethod]
    public async Task Rows_of_a_finished_job_are_shown_over_their_images()
    {
        using var folder = new TemporaryFolder();
        string job = await FinishedJobAsync(folder, "job", "dots.png", 3);
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync(
            options => options with { Models = [], Jobs = [job] });

        JsonElement frame = await studio.GetAsync("/api/poses?file=0/dots.png");

        Assert.AreEqual("predictions", frame.GetProperty("from").GetString());
        Assert.AreEqual(StudioUnderTest.Dots[2].X, frame.GetProperty("poses")[0].GetProperty("points")[2][0].GetSingle(), 1e-3);
        Assert.IsFalse(File.Exists(folder["p.parquet"]));
    }

    [TestMethod]
    public async Task Jobs_whose_folders_have_the_same_name_are_both_shown()
    {
        using var folder = new TemporaryFolder();
        string one = await FinishedJobAsync(folder, "a/job", "dots.png", 3);
        string other = await FinishedJobAsync(folder, "b/job", "dots2.png", 4);
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync(
            options => options with { Models = [], Jobs = [one, other] });

        JsonElement first = await studio.GetAsync("/api/poses?file=0/dots.png");
        JsonElement second = await studio.GetAsync("/api/poses?file=0/day1/dots2.png");

        Assert.AreEqual("predictions", first.GetProperty("from").GetString());
        Assert.AreEqual("predictions", second.GetProperty("from").GetString());
    }

    [TestMethod]
    public async Task Predictions_of_the_folder_are_shown_when_they_are_chosen()
    {
        await using StudioUnderTest studio = await WithPredictionsAsync(atStart: false);

        JsonElement added = await studio.PostAsync("/api/predictions?file=0/poses.csv");
        JsonElement frame = await studio.GetAsync("/api/poses?file=0/v.mp4&frame=5");

        Assert.AreEqual("0/v.mp4", added.GetProperty("files")[0].GetString());
        Assert.AreEqual("predictions", frame.GetProperty("from").GetString());
    }

    private static async Task<string> FinishedJobAsync(TemporaryFolder folder, string job, string image, int number)
    {
        folder.Write("detector.onnx", TestModels.Detector());
        folder.Write($"{job}-frames/{image}", Imaging.Images.ImageWriter.EncodePng(TestImages.Numbered(number)));
        string pipeline = folder.Write(
            $"{job}.yaml",
            $"model: {folder["detector.onnx"]}\ninput: {folder[$"{job}-frames"]}\noutput: {folder["p.parquet"]}\n");
        JobPlanner.Plan(pipeline, folder[job]);
        await new JobWorker(ScoreJob.Open(folder[job]), WorkShare.All).RunAsync([]);
        return folder[job];
    }

    private static Task<StudioUnderTest> WithPredictionsAsync(bool atStart = true)
    {
        RealData.RequireFfmpeg();
        string path = "";
        return StudioUnderTest.StartAsync(options => options with { Predictions = atStart ? [path] : [] }, folder =>
        {
            File.Move(VideoFiles.Write(folder), folder["media/v.mp4"]);
            var csv = new StringBuilder("source,frame,item,box.x,box.y,box.width,box.height,");
            csv.Append("red_x,red_y,red_score,green_x,green_y,green_score\n");
            for (int i = 0; i < VideoFiles.Frames; i++)
                csv.Append($"v.mp4,{i},,4,4,40,40,{10 + i + (i == Jump ? 25 : 0)},20,0.9,{14 + i},24,0.8\n");
            path = folder.Write("media/poses.csv", csv.ToString());
        });
    }
}
