using System.Net;
using System.Text.Json;

namespace KeypointMl.Studio.Tests.Pages;

/// <summary>Boxes files, in frames that are looked at and in videos that are scored from the page.</summary>
[TestClass]
public sealed class BoxesTests
{
    private const string Header = "source,frame,track,x,y,width,height\n";

    [TestMethod]
    public async Task Frame_has_the_poses_of_its_boxes_and_none_without_a_box()
    {
        await using StudioUnderTest studio = await WithAsync(
            Header + "day1/v.mp4,0,a,1,1,9,9\nday1/v.mp4,0,b,2,2,9,9\nv.mp4,2,c,3,3,9,9\n");

        Assert.AreSequenceEqual(["1", "2"], await BoxesAsync(studio, "0/day1/v.mp4", 0));
        Assert.IsEmpty(await BoxesAsync(studio, "0/day1/v.mp4", 2));
        Assert.AreSequenceEqual(["3"], await BoxesAsync(studio, "0/v.mp4", 2));
        Assert.AreSequenceEqual(["whole"], await BoxesAsync(studio, "0/dots.png", 0), "the file says nothing of it");
    }

    [TestMethod]
    public async Task Boxes_that_name_no_video_are_of_the_only_one_alone()
    {
        await using StudioUnderTest studio = await WithAsync("frame,track,x,y,width,height\n0,a,1,1,9,9\n");

        JsonElement media = await studio.GetAsync("/api/media?file=0/v.mp4");

        Assert.IsFalse(media.GetProperty("hasBoxes").GetBoolean(), "there are two videos");
        Assert.AreSequenceEqual(["whole"], await BoxesAsync(studio, "0/v.mp4", 0));
    }

    [TestMethod]
    public async Task Video_is_scored_with_its_own_boxes_alone()
    {
        await using StudioUnderTest studio = await WithAsync(
            Header + "day1/v.mp4,3,a,1,1,9,9\nother.mp4,4,b,2,2,9,9\nv.mp4,5,c,3,3,9,9\n");

        await studio.PostAsync("/api/scoring?file=0/day1/v.mp4");
        JsonElement state = await studio.ScoredAsync();
        JsonElement session = await studio.GetAsync("/api/session");

        Assert.AreEqual("done", state.GetProperty("phase").GetString(), state.ToString());
        Assert.AreEqual(1, session.GetProperty("predictions")[0].GetProperty("rows").GetInt32());
        Assert.AreSequenceEqual(["1"], await BoxesAsync(studio, "0/day1/v.mp4", 3));
    }

    [TestMethod]
    public async Task Scoring_that_finds_nothing_says_why()
    {
        await using StudioUnderTest studio = await WithAsync(null, folder => VideoFiles.Run(
            ["-f", "lavfi", "-i", "color=gray:s=64x48:d=2:r=25", "-c:v", "libx264", folder["media/still.mp4"]]));

        await studio.PostAsync("/api/scoring?file=0/still.mp4&find=1");
        JsonElement state = await studio.ScoredAsync();
        JsonElement media = await studio.GetAsync("/api/media?file=0/still.mp4");

        string message = state.GetProperty("message").GetString()!;
        Assert.AreEqual("failed", state.GetProperty("phase").GetString(), message);
        Assert.Contains("No pose is in", message);
        Assert.IsGreaterThan(studio.Folder["saved/still.poses.parquet"].Length + 30, message.Length, message);
        Assert.IsFalse(media.GetProperty("hasPredictions").GetBoolean());
    }

    [TestMethod]
    public async Task Box_outside_the_frame_has_no_pose()
    {
        await using StudioUnderTest studio = await WithAsync(Header + "day1/v.mp4,0,a,1,1,9,9\nday1/v.mp4,0,b,64,2,9,9\n");
        const string Words = "The box (64, 2, 9×9) lies outside the 64×48 frame.";

        Assert.AreSequenceEqual(["1"], await BoxesAsync(studio, "0/day1/v.mp4", 0));
        Assert.AreEqual(Words, await studio.RefusedAsync(HttpStatusCode.UnprocessableEntity, "/api/poses?file=0/v.mp4&box=64,2,9,9"));
        Assert.AreEqual(Words, await studio.RefusedAsync(
            HttpStatusCode.UnprocessableEntity, "/api/appearance?file=0/v.mp4&box=64,2,9,9", StudioUnderTest.Json(null)));
    }

    // The x of each pose's box, or that it is of the whole frame.
    private static async Task<string[]> BoxesAsync(StudioUnderTest studio, string file, int frame)
    {
        JsonElement shown = await studio.GetAsync($"/api/poses?file={file}&frame={frame}");
        return [.. shown.GetProperty("poses").EnumerateArray().Select(pose => pose.GetProperty("box"))
            .Select(box => box.ValueKind == JsonValueKind.Null ? "whole" : box[0].GetRawText())];
    }

    // With two videos of the same name.
    private static Task<StudioUnderTest> WithAsync(string? boxes, Action<TemporaryFolder>? prepare = null)
    {
        RealData.RequireFfmpeg();
        string? path = null;
        return StudioUnderTest.StartAsync(options => options with { Boxes = path }, folder =>
        {
            File.Move(VideoFiles.Write(folder), folder["media/v.mp4"]);
            File.Copy(folder["media/v.mp4"], folder["media/day1/v.mp4"]);
            path = boxes is null ? null : folder.Write("boxes.csv", boxes);
            prepare?.Invoke(folder);
        });
    }
}
