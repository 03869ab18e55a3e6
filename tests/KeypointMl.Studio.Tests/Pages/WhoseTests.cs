using System.Text;
using System.Text.Json;

namespace KeypointMl.Studio.Tests.Pages;

/// <summary>Over which images and videos predictions are shown.</summary>
[TestClass]
public sealed class WhoseTests
{
    private const string Header = "source,frame,item,box.x,box.y,box.width,box.height,red_x,red_y,red_score\n";

    [TestMethod]
    public async Task Longest_name_that_ends_a_path_counts()
    {
        await using StudioUnderTest studio = await WithAsync(("p.csv", Header + Row("dots.png", 1) + Row("day1/dots.png", 2)));

        Assert.AreEqual(1, await FirstXAsync(studio, "0/dots.png"));
        Assert.AreEqual(2, await FirstXAsync(studio, "0/day1/dots.png"));
    }

    [TestMethod]
    public async Task Name_that_fits_two_files_is_shown_over_neither()
    {
        await using StudioUnderTest studio = await WithAsync(("p.csv", Header + Rows("dots.png")));

        JsonElement added = await studio.PostAsync("/api/predictions?file=0/p.csv"), worst = await studio.GetAsync("/api/worst");

        Assert.IsNull(await FirstXAsync(studio, "0/dots.png"));
        Assert.IsNull(await FirstXAsync(studio, "0/day1/dots.png"));
        Assert.AreEqual(0, added.GetProperty("files").GetArrayLength());
        Assert.AreEqual(JsonValueKind.Null, worst[0].GetProperty("file").ValueKind);
    }

    [TestMethod]
    public async Task Name_of_a_file_in_a_subfolder_is_found_there_and_its_picture_too()
    {
        await using StudioUnderTest studio = await WithAsync(("p.csv", Header + Rows("dots2.png")));

        JsonElement worst = await studio.GetAsync("/api/worst");
        using HttpResponseMessage picture = await studio.Client.GetAsync("/api/thumbnail?file=0/day1/dots2.png&frame=0");

        Assert.AreEqual("0/day1/dots2.png", worst[0].GetProperty("file").GetString());
        Assert.AreEqual("image/jpeg", picture.Content.Headers.ContentType?.MediaType);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public async Task File_that_names_no_video_is_shown_over_the_only_one_alone(int videos)
    {
        RealData.RequireFfmpeg();
        string csv = Header + string.Concat(Enumerable.Range(0, VideoFiles.Frames).Select(i => Row("", 3, i)));
        await using StudioUnderTest studio = await WithAsync(
            folder =>
            {
                for (int i = 0; i < videos; i++)
                    File.Copy(VideoFiles.Write(folder), folder[$"media/v{i}.mp4"]);
            }, ("p.csv", csv));

        JsonElement media = await studio.GetAsync("/api/media?file=0/v0.mp4");

        Assert.AreEqual(videos == 1, media.GetProperty("hasPredictions").GetBoolean());
        Assert.IsNull(await FirstXAsync(studio, "0/dots.png"));
    }

    [TestMethod]
    public async Task Predictions_that_were_added_last_are_shown()
    {
        await using StudioUnderTest studio = await WithAsync(
            ("z.csv", Header + Row("dots2.png", 1)), ("y.csv", Header + Row("dots2.png", 2)));
        float? atStart = await FirstXAsync(studio, "0/day1/dots2.png");

        await studio.PostAsync("/api/predictions?file=0/z.csv");

        Assert.AreEqual(2, atStart);
        Assert.AreEqual(1, await FirstXAsync(studio, "0/day1/dots2.png"));
    }

    [TestMethod]
    public async Task Scored_video_shows_what_was_scored_and_not_the_set_before_it()
    {
        RealData.RequireFfmpeg();
        await using StudioUnderTest studio = await WithAsync(
            folder =>
            {
                File.Copy(VideoFiles.Write(folder), folder["media/v.mp4"]);
                File.Copy(folder["media/v.mp4"], folder["media/day1/v.mp4"]);
            },
            ("a.csv", Header + Row("day1/v.mp4", 200)));

        await studio.PostAsync("/api/scoring?file=0/day1/v.mp4");
        JsonElement state = await studio.ScoredAsync();

        Assert.AreEqual("done", state.GetProperty("phase").GetString(), state.ToString());
        Assert.AreNotEqual(200, await FirstXAsync(studio, "0/day1/v.mp4"));
        JsonElement other = await studio.GetAsync("/api/media?file=0/v.mp4");
        Assert.IsFalse(other.GetProperty("hasPredictions").GetBoolean(), "another video of that name");
        JsonElement worst = await studio.GetAsync("/api/worst?set=1");
        Assert.AreEqual("0/day1/v.mp4", worst[0].GetProperty("file").GetString());
    }

    [TestMethod]
    public async Task Untracked_poses_of_a_frame_have_names_of_their_own()
    {
        string rows = Row("dots2.png", 1) + Row("dots2.png", 2) + Row("dots2.png", 3, track: "instance 0") + Row("dots2.png", 4, 1);
        await using StudioUnderTest studio = await WithAsync(("p.csv", Header + rows));

        JsonElement several = await studio.GetAsync("/api/poses?file=0/day1/dots2.png&frame=0");
        JsonElement one = await studio.GetAsync("/api/poses?file=0/day1/dots2.png&frame=1");

        Assert.AreSequenceEqual(["instance 1", "instance 2", "instance 0"], TracksOf(several));
        Assert.AreSequenceEqual([""], TracksOf(one));
    }

    [TestMethod]
    public async Task Poses_of_the_same_track_in_a_frame_are_told_apart()
    {
        string rows = Row("dots2.png", 1, track: "a") + Row("dots2.png", 2, track: "a 2") + Row("dots2.png", 3, track: "a");
        await using StudioUnderTest studio = await WithAsync(("p.csv", Header + rows));

        Assert.AreSequenceEqual(["a", "a 2", "a 3"], TracksOf(await studio.GetAsync("/api/poses?file=0/day1/dots2.png")));
    }

    private static string[] TracksOf(JsonElement frame) =>
        [.. frame.GetProperty("poses").EnumerateArray().Select(pose => pose.GetProperty("track").GetString()!)];

    private static string Row(string source, int x, int frame = 0, string track = "", string sure = "0.05") =>
        $"{source},{frame},{track},1,1,8,8,{x},2,{sure}\n";

    // Three frames, of which the first is doubtful.
    private static string Rows(string source) => Row(source, 1) + Row(source, 1, 1, sure: "0.9") + Row(source, 1, 2, sure: "0.9");

    private static Task<StudioUnderTest> WithAsync(params (string Name, string Csv)[] predictions) => WithAsync(_ => { }, predictions);

    // With day1/dots.png beside dots.png and day1/dots2.png.
    private static Task<StudioUnderTest> WithAsync(Action<TemporaryFolder> prepare, params (string Name, string Csv)[] predictions)
    {
        List<string> paths = [];
        return StudioUnderTest.StartAsync(options => options with { Predictions = paths }, folder =>
        {
            folder.Write("media/day1/dots.png", File.ReadAllBytes(folder["media/dots.png"]));
            prepare(folder);
            foreach ((string name, string csv) in predictions)
                paths.Add(folder.Write($"media/{name}", Encoding.UTF8.GetBytes(csv)));
        });
    }

    // Where the first point of the shown predictions is; null where none are shown.
    private static async Task<float?> FirstXAsync(StudioUnderTest studio, string file)
    {
        JsonElement frame = await studio.GetAsync($"/api/poses?file={file}");
        return frame.GetProperty("from").GetString() == "predictions"
            ? frame.GetProperty("poses")[0].GetProperty("points")[0][0].GetSingle()
            : null;
    }
}
