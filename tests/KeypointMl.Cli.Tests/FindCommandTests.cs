using KeypointMl.Cli.Running;
using KeypointMl.Data.Readers;
using KeypointMl.Imaging.Images;
using KeypointMl.Imaging.Video;

namespace KeypointMl.Cli.Tests;

/// <summary><c>find</c> on videos that are made here; without ffmpeg these tests are skipped.</summary>
[TestClass]
public sealed class FindCommandTests
{
    private static readonly SyntheticScene Scene = SyntheticScenes.Arena(SyntheticScenes.Wanderer) with { Frames = 60 };

    [TestMethod]
    public void Find_writes_boxes_that_the_readers_take_events_overlay_and_sheet()
    {
        RequireFfmpeg();
        using var folder = new TemporaryFolder();
        string video = WriteVideo(folder["mouse.mp4"], Scene);

        Invocation call = Invocation.Of(
            "find", video, "--out", folder["boxes.csv"], "--events", folder["events.csv"],
            "--overlay", folder["overlay.mp4"], "--sheet", folder["sheet.png"], "--count", "1", "--size", "64").Returning(ExitCode.Done);

        Assert.Contains("mouse.mp4: 60 frames, 1 tracks, boxes of 64 pixels around what is darker than the ground", call.Out);
        Assert.AreEqual("frame,track,x,y,width,height,score", File.ReadLines(folder["boxes.csv"]).First());
        IReadOnlyList<TrackedBox> boxes = BoxesCsvReader.Read(folder["boxes.csv"]);
        CollectionAssert.AreEqual(Enumerable.Range(0, 60).Select(i => (long)i).ToArray(), boxes.Select(box => box.Frame).ToArray());
        Assert.IsTrue(boxes.All(box => box is { Track: "0", Box: { Width: 64, Height: 64 } }));
        CollectionAssert.AreEqual(new[] { "frame,event,track,other", "0,begun,0," }, File.ReadAllLines(folder["events.csv"]));
        Assert.AreEqual(60, VideoProbe.Read(folder["overlay.mp4"]).FrameCount);
        bool isClear = call.Out.Contains("no frame is doubtful", StringComparison.Ordinal);
        Assert.AreEqual(isClear ? 320 : 1624, ImageDecoder.ReadSize(folder["sheet.png"]).Width);
    }

    [TestMethod]
    public void Find_in_several_videos_names_the_source_and_tells_those_that_failed()
    {
        RequireFfmpeg();
        using var folder = new TemporaryFolder();
        WriteVideo(folder["a.mp4"], Scene);
        File.WriteAllText(folder["b.mp4"], "no video");
        WriteVideo(folder["c.mp4"], SyntheticScenes.Arena() with { Frames = 30 });
        WriteVideo(folder["d.mp4"], Scene with { Frames = 1 });
        WriteVideo(folder["e.mp4"], Scene);
        byte[] half = File.ReadAllBytes(folder["e.mp4"]);
        File.WriteAllBytes(folder["e.mp4"], half[..(half.Length / 2)]);

        Invocation call = Invocation.Of("find", folder["*.mp4"], "--out", folder["boxes.csv"]).Returning(ExitCode.SomeInputsFailed);

        Assert.Contains("b.mp4 cannot be read as a video", call.Error);
        Assert.Contains("c.mp4: nothing moves", call.Error);
        Assert.Contains("d.mp4: it has 1 frame;", call.Error);
        Assert.Contains("e.mp4", call.Error);
        string[] lines = File.ReadAllLines(folder["boxes.csv"]);
        Assert.AreEqual("source,frame,track,x,y,width,height,score", lines[0]);
        Assert.HasCount(61, lines);
        Assert.IsTrue(lines.Skip(1).All(line => line.StartsWith("a.mp4,", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Find_in_a_folder_takes_its_videos_at_any_depth_and_says_what_it_left_out()
    {
        RequireFfmpeg();
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["videos/day2"]);
        WriteVideo(folder["videos/a.mp4"], Scene);
        File.Copy(folder["videos/a.mp4"], folder["videos/day2/B.MP4"]);
        File.WriteAllText(folder["videos/one.gif"], "a picture");
        File.WriteAllText(folder["videos/notes.txt"], "notes");
        File.WriteAllText(folder["videos/._a.mp4"], "hidden");

        Invocation call = Invocation.Of("find", folder["videos"], "--out", folder["boxes.csv"]).Returning(ExitCode.Done);

        Assert.Contains("Left out of", call.Error);
        Assert.Contains("1 .gif, 1 .txt (videos are .mp4,", call.Error);
        IEnumerable<string> sources = File.ReadLines(folder["boxes.csv"]).Skip(1).Select(line => line.Split(',')[0]).Distinct();
        Assert.AreSequenceEqual(["a.mp4", "day2/B.MP4"], sources);
    }

    [TestMethod]
    public void Find_in_what_has_no_video_or_images_too_is_refused()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["pictures"]);
        File.WriteAllText(folder["pictures/one.gif"], "a picture");
        string[] options = ["--out", folder["boxes.csv"]];

        Invocation empty = Invocation.Of(["find", folder["pictures"], .. options]).Returning(ExitCode.Failed);
        Invocation image = Invocation.Of(["find", folder["pictures/one.gif"], .. options]).Returning(ExitCode.Failed);
        File.WriteAllText(folder["pictures/two.mp4"], "a video");
        Invocation both = Invocation.Of(["find", folder["pictures/*"], .. options]).Returning(ExitCode.Failed);

        Assert.Contains("has no video (.mp4,", empty.Error);
        Assert.Contains("is an image by its name", image.Error);
        Assert.Contains("has 1 image, such as 'one.gif'", both.Error);
    }

    [TestMethod]
    public void Find_without_a_usable_video_writes_nothing_and_returns_1()
    {
        RequireFfmpeg();
        using var folder = new TemporaryFolder();
        WriteVideo(folder["still.mp4"], SyntheticScenes.Arena() with { Frames = 30 });

        string[] line = ["find", folder["still.mp4"], "--out", folder["boxes.csv"], "--overlay", folder["o.mp4"]];
        Invocation call = Invocation.Of(line).Returning(ExitCode.Failed);

        Assert.Contains("nothing moves", call.Error);
        CollectionAssert.AreEqual(new[] { folder["still.mp4"] }, Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    public void Find_refuses_to_replace_the_video()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a.mp4"], "a video");

        string[] line = ["find", folder["a.mp4"], "--out", folder["boxes.csv"]];

        Invocation replacing = Invocation.Of([.. line, "--overlay", folder["./a.mp4"]]).Returning(ExitCode.Failed);

        Assert.Contains("would replace the input", replacing.Error);
        Assert.AreEqual("a video", File.ReadAllText(folder["a.mp4"]));
    }

    [TestMethod]
    public void Find_of_no_name_is_wrong_usage() =>
        Assert.Contains("VIDEO is empty", Invocation.Of("find", "", "--out", "boxes.csv").Returning(ExitCode.WrongUsage).Error);

    [TestMethod]
    public void Find_in_a_video_in_which_nothing_can_be_followed_fails()
    {
        RequireFfmpeg();
        using var folder = new TemporaryFolder();
        SyntheticAnimal glimpse = SyntheticScenes.Wanderer with
        {
            Path = frame => frame % 4 == 1 ? SyntheticScenes.Wanderer.Path(7 * frame) : null,
        };
        WriteVideo(folder["a.mp4"], SyntheticScenes.Arena(glimpse) with { Frames = 60 });

        Invocation call = Invocation.Of(
            "find", folder["a.mp4"], "--out", folder["boxes.csv"], "--overlay", folder["o.mp4"], "--sheet", folder["s.png"])
            .Returning(ExitCode.Failed);

        Assert.Contains("nothing could be followed through 3 of its 60 frames", call.Error);
        CollectionAssert.AreEqual(new[] { folder["a.mp4"] }, Directory.GetFiles(folder.Path));
    }

    private static string WriteVideo(string path, SyntheticScene scene)
    {
        using var writer = new VideoWriter(path, scene.Width, scene.Height, 25);
        foreach (VideoFrame frame in scene.Video())
            writer.Write(frame.Image);
        writer.Complete();
        return path;
    }

    private static void RequireFfmpeg()
    {
        if (FfmpegVersion.Find() is null)
            Assert.Inconclusive("Skipped: ffmpeg is not installed.");
    }
}
