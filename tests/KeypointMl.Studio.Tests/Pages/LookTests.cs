using System.Net;
using System.Text.Json;
using KeypointMl.Imaging.Images;

namespace KeypointMl.Studio.Tests.Pages;

/// <summary>Frames and poses as the page asks for them.</summary>
[TestClass]
public sealed class LookTests
{
    [TestMethod]
    public async Task Session_tells_what_there_is()
    {
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync();

        JsonElement session = await studio.GetAsync("/api/session");

        JsonElement model = session.GetProperty("models").EnumerateArray().Single();
        Assert.AreEqual("model", model.GetProperty("name").GetString());
        Assert.IsTrue(model.GetProperty("hasGenerator").GetBoolean());
        Assert.AreSequenceEqual(
            ["red", "green", "blue"],
            [.. model.GetProperty("skeleton").GetProperty("keypoints").EnumerateArray().Select(name => name.GetString()!)]);
    }

    [TestMethod]
    public async Task Poses_of_an_image_are_those_of_the_detector()
    {
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync();

        JsonElement frame = await studio.GetAsync("/api/poses?file=0/dots.png");

        JsonElement[] points = [.. frame.GetProperty("poses")[0].GetProperty("points").EnumerateArray()];
        for (int k = 0; k < 3; k++)
        {
            Assert.AreEqual(StudioUnderTest.Dots[k].X, points[k][0].GetSingle(), 1e-3);
            Assert.AreEqual(StudioUnderTest.Dots[k].Y, points[k][1].GetSingle(), 1e-3);
        }
        Assert.AreEqual("detector", frame.GetProperty("from").GetString());
    }

    [TestMethod]
    public async Task Frame_of_an_image_is_its_picture()
    {
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync();

        RgbImage picture = ImageDecoder.Decode(await studio.Client.GetByteArrayAsync("/api/frame?file=0/dots.png"), "frame");

        Assert.AreEqual((TestModels.Width, TestModels.Height), (picture.Width, picture.Height));
    }

    [TestMethod]
    public async Task Frames_of_a_video_come_in_any_order()
    {
        RealData.RequireFfmpeg();
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync(prepare: folder =>
        {
            File.Move(VideoFiles.Write(folder), folder["media/v.mp4"]);
        });

        JsonElement media = await studio.GetAsync("/api/media?file=0/v.mp4");
        List<int> seen = [];
        int[] asked = [0, 1, 29, 12, 11, 10, 9, 13, 0];
        foreach (int frame in asked)
            seen.Add(await GreyOfAsync(studio, frame));

        Assert.AreEqual(VideoFiles.Frames, media.GetProperty("frames").GetInt32());
        Assert.AreEqual("video", media.GetProperty("kind").GetString());
        for (int i = 0; i < asked.Length; i++)
            Assert.AreEqual(VideoFiles.GreyOf(asked[i]), seen[i], 3, $"frame {asked[i]}");
    }

    [TestMethod]
    public async Task Frame_of_a_video_that_changes_its_size_comes_with_its_own()
    {
        RealData.RequireFfmpeg();
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync(
            prepare: folder => VideoThatChangesSize.Make(folder, "media/v.webm"));

        foreach (int frame in (int[])[3, 20])
        {
            using HttpResponseMessage answer = await studio.Client.GetAsync($"/api/frame?file=0/v.webm&frame={frame}");
            Assert.AreEqual(
                VideoThatChangesSize.SizeOf(frame),
                (int.Parse(answer.Headers.GetValues("X-Width").Single()), int.Parse(answer.Headers.GetValues("X-Height").Single())));
        }
    }

    [TestMethod]
    public async Task Seek_begins_at_a_key_frame_and_gives_the_frame_asked_for()
    {
        RealData.RequireFfmpeg();
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync(prepare: folder => VideoFiles.Run(
            ["-i", VideoFiles.Write(folder), "-c:v", "libx264", "-g", "10", "-sc_threshold", "0", folder["media/keys.mp4"]]));

        using HttpResponseMessage near = await studio.Client.GetAsync("/api/frame?file=0/keys.mp4&frame=27&near=1");
        int grey = await GreyOfAsync(studio, 27, "keys.mp4");
        using HttpResponseMessage itself = await studio.Client.GetAsync("/api/frame?file=0/keys.mp4&frame=29&near=1");

        Assert.AreEqual("20", near.Headers.GetValues("X-Frame").Single());
        Assert.AreEqual(VideoFiles.GreyOf(27), grey, 4);
        Assert.AreEqual("29", itself.Headers.GetValues("X-Frame").Single(), "it comes soon");
    }

    [TestMethod]
    [DataRow("/api/frame?file=0/v.mp4&frame=30", HttpStatusCode.NotFound, "30 frames")]
    [DataRow("/api/frame?file=0/v.mp4&frame=-1", HttpStatusCode.BadRequest, "whole number")]
    [DataRow("/api/frame?file=0/v.mp4&frame=x", HttpStatusCode.BadRequest, "whole number")]
    [DataRow("/api/poses?file=0/v.mp4&frame=0&box=1,2,3", HttpStatusCode.BadRequest, "4 numbers")]
    [DataRow("/api/poses?file=0/v.mp4&frame=0&box=1,2,0,3", HttpStatusCode.BadRequest, "cannot be cropped")]
    [DataRow("/api/poses?file=0/v.mp4&frame=0&model=1", HttpStatusCode.BadRequest, "from 0 to 0")]
    [DataRow("/api/frame?file=0", HttpStatusCode.BadRequest, "not named like")]
    [DataRow("/api/frame", HttpStatusCode.BadRequest, "no 'file'")]
    [DataRow("/api/media?file=0/broken.mp4", HttpStatusCode.UnprocessableEntity, "cannot be read as a video")]
    [DataRow("/api/frame?file=0/broken.png", HttpStatusCode.UnprocessableEntity, "broken.png")]
    [DataRow("/api/timeline?file=0/v.mp4", HttpStatusCode.NotFound, "score it")]
    public async Task Wrong_question_is_answered_by_what_is_wrong(string path, HttpStatusCode status, string words)
    {
        RealData.RequireFfmpeg();
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync(prepare: folder =>
        {
            File.Move(VideoFiles.Write(folder), folder["media/v.mp4"]);
            folder.Write("media/broken.mp4", "no video");
            folder.Write("media/broken.png", "no image");
        });

        Assert.Contains(words, await studio.RefusedAsync(status, path));
    }

    [TestMethod]
    public async Task Video_is_scored_from_the_page_into_a_file_and_a_timeline()
    {
        RealData.RequireFfmpeg();
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync(
            prepare: folder => File.Move(VideoFiles.Write(folder), folder["media/v.mp4"]));

        await studio.PostAsync("/api/scoring?file=0/v.mp4");
        JsonElement state = await studio.ScoredAsync();
        JsonElement timeline = await studio.GetAsync("/api/timeline?file=0/v.mp4");
        JsonElement frame = await studio.GetAsync("/api/poses?file=0/v.mp4&frame=20");

        Assert.AreEqual("done", state.GetProperty("phase").GetString(), state.ToString());
        Assert.AreEqual(VideoFiles.Frames, state.GetProperty("done").GetInt32());
        Assert.IsTrue(File.Exists(studio.Folder["saved/v.poses.parquet"]));
        JsonElement red = timeline.GetProperty("tracks")[0].GetProperty("confidence")[0];
        Assert.AreEqual(VideoFiles.Frames, red.GetArrayLength());
        Assert.AreEqual(20, VideoFiles.NumberOf(red[20].GetSingle()));
        Assert.AreEqual("predictions", frame.GetProperty("from").GetString());
    }

    [TestMethod]
    public async Task Two_studios_score_into_one_folder_without_replacing_each_others_file()
    {
        RealData.RequireFfmpeg();
        await using StudioUnderTest first = await StudioUnderTest.StartAsync(prepare: WithVideo);
        await using StudioUnderTest second = await StudioUnderTest.StartAsync(
            options => options with { SaveFolder = first.Folder["saved"] }, WithVideo);

        await first.PostAsync("/api/scoring?file=0/v.mp4");
        await second.PostAsync("/api/scoring?file=0/v.mp4");
        string messages = $"{await first.ScoredAsync()} {await second.ScoredAsync()}";

        Assert.Contains("v.poses.parquet", messages);
        Assert.Contains("v.poses-2.parquet", messages);
        Assert.HasCount(2, Directory.GetFiles(first.Folder["saved"]));
    }

    [TestMethod]
    public async Task Scoring_that_is_stopped_when_its_file_is_there_is_done()
    {
        RealData.RequireFfmpeg();
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync(prepare: WithVideo);
        string output = studio.Folder["saved/v.poses.parquet"];

        await studio.PostAsync("/api/scoring?file=0/v.mp4");
        SpinWait.SpinUntil(() => File.Exists(output), TimeSpan.FromSeconds(30));
        await studio.PostAsync("/api/scoring/stop");
        JsonElement state = await studio.ScoredAsync();

        Assert.AreEqual("done", state.GetProperty("phase").GetString(), state.ToString());
    }

    [TestMethod]
    public async Task Of_many_tracks_the_longest_are_drawn_and_the_others_named()
    {
        RealData.RequireFfmpeg();
        string path = "";
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync(options => options with { Predictions = [path] }, folder =>
        {
            File.Move(VideoFiles.Write(folder), folder["media/v.mp4"]);
            IEnumerable<string> rows = Enumerable.Range(0, 25).SelectMany(track =>
                Enumerable.Range(0, track == 24 ? 9 : track < 4 ? 1 : 2).Select(frame => $"v.mp4,{frame},t{track},3,3,0.9"));
            path = folder.Write("poses.csv", $"source,frame,item,red_x,red_y,red_score\n{string.Join('\n', rows)}\n");
        });

        JsonElement timeline = await studio.GetAsync("/api/timeline?file=0/v.mp4");

        Assert.AreEqual(20, timeline.GetProperty("tracks").GetArrayLength());
        Assert.AreSequenceEqual(
            ["t0", "t1", "t2", "t3", "t23"], timeline.GetProperty("otherTracks").EnumerateArray().Select(track => track.GetString()));
    }

    private static void WithVideo(TemporaryFolder folder) => File.Move(VideoFiles.Write(folder), folder["media/v.mp4"]);

    private static async Task<int> GreyOfAsync(StudioUnderTest studio, int frame, string file = "v.mp4")
    {
        byte[] jpeg = await studio.Client.GetByteArrayAsync($"/api/frame?file=0/{file}&frame={frame}");
        return ImageDecoder.Decode(jpeg, "frame").Pixels[0];
    }
}
