using KeypointMl.Cli.Running;
using KeypointMl.Imaging.Images;

namespace KeypointMl.Cli.Tests;

/// <summary>What <c>new</c> takes and refuses before it looks for anything; without ffmpeg these tests are skipped.</summary>
[TestClass]
public sealed class NewInputTests
{
    [TestMethod]
    [DataRow("videos/c.mp4", "videos/*.mp4", "c.mp4")]
    [DataRow("videos/late/c.MP4", "videos/**/*.MP4", "late/c.MP4")]
    public void New_of_a_folder_takes_its_videos_and_scores_them_by_the_same_names(string second, string scored, string name)
    {
        OwnMouse.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.GetDirectoryName(folder[second])!);
        OwnMouse.WriteVideo(folder["videos/a.mp4"], OwnMouse.Scene);
        File.Copy(folder["videos/a.mp4"], folder[second]);
        File.WriteAllText(folder["videos/one.gif"], "a picture");

        Invocation made = Invocation.Of("new", folder["own"], "--videos", folder["videos"], "--prior", OwnMouse.WritePrior(folder))
            .Returning(ExitCode.Done);

        Assert.Contains("1 .gif (videos are .mp4,", made.Out);
        Assert.Contains(folder[scored], File.ReadAllText(folder["own/score.yaml"]));
        IEnumerable<string> sources = File.ReadLines(folder["own/boxes.csv"]).Skip(1).Select(line => line.Split(',')[0]).Distinct();
        Assert.AreSequenceEqual(["a.mp4", name], sources);
        Assert.Contains("unlabelled frames: 160 read", Invocation.Of("data", "check", folder["own/manifest.yaml"], "--read").Out);
    }

    [TestMethod]
    [DataRow(null, "labels.csv", false)]
    [DataRow("source,frame,other_x,other_y\nmouse.mp4,0,1,2\n", "labels.csv", false)]
    [DataRow("of another video", "none of its 8 labels is of these videos", false)]
    [DataRow("of another video", "none of its 8 labels is of these videos", true)]
    public void New_with_labels_that_do_not_fit_fails_before_the_search_and_leaves_no_folder(string? text, string expected, bool isThere)
    {
        OwnMouse.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        string video = OwnMouse.WriteVideo(folder["mouse.mp4"], OwnMouse.Scene with { Frames = 20 });
        string labels = text == "of another video" ? OwnMouse.WriteLabels(folder, "rat.mp4") : folder["labels.csv"];
        if (text is not null && labels == folder["labels.csv"] && text != "of another video")
            File.WriteAllText(labels, text);
        if (isThere)
            Directory.CreateDirectory(folder["own/deep"]);

        Invocation call = Invocation.Of(
            "new", folder["own/deep"], "--videos", video, "--prior", OwnMouse.WritePrior(folder), "--labels", labels)
            .Returning(ExitCode.Failed);

        Assert.Contains(expected, call.Error);
        Assert.DoesNotContain("20 frames", call.Out);
        Assert.AreEqual(isThere, Directory.Exists(folder["own"]));
        Assert.IsTrue(!isThere || !Directory.EnumerateFileSystemEntries(folder["own/deep"]).Any());
    }

    [TestMethod]
    public void New_of_one_videos_images_leaves_labels_of_another_videos_images_out()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["frames/vidA"]);
        foreach (string name in (string[])["img0001.png", "img0002.png"])
            ImageWriter.Write(new RgbImage(30, 30), folder[$"frames/vidA/{name}"]);
        folder.Write("pose.csv", "nose_x,nose_y,neck_x,neck_y,tail_x,tail_y\n10,2,10,8,10,25\n");
        folder.Write("labels.csv", "source,nose_x,nose_y,neck_x,neck_y,tail_x,tail_y\nlabeled-data/vidB/img0001.png,1,1,2,2,3,3\n"
            + "labeled-data/vidA/img0001.png,4,4,5,5,6,6\nlabeled-data/vidB/img0002.png,7,7,8,8,9,9\n");

        string text = Invocation.Of(
            "new", folder["own"], "--images", folder["frames"], "--template", folder["pose.csv"], "--heading", "any",
            "--labels", folder["labels.csv"]).Returning(ExitCode.Done).Out;

        Assert.Contains("1 of 3 labels are of the images", text);
        Assert.AreSequenceEqual(["vidA/img0001.png,4,4,5,5,6,6"], File.ReadLines(folder["own/labels.csv"]).Skip(1));
    }

    [TestMethod]
    public void New_that_fails_after_the_search_keeps_the_boxes_that_were_found()
    {
        OwnMouse.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        string video = OwnMouse.WriteVideo(folder["mouse.mp4"], OwnMouse.Scene);
        string prior = OwnMouse.WritePrior(folder);
        string columns = File.ReadLines(prior).First();
        string labels = folder.Write(
            "labels.csv", $"source,frame,{columns}\nmouse.mp4,5000,{string.Join(',', Enumerable.Repeat(1, columns.Split(',').Length))}\n");

        Invocation call = Invocation.Of("new", folder["own"], "--videos", video, "--prior", prior, "--labels", labels)
            .Returning(ExitCode.Failed);

        Assert.Contains($"what was found in the videos is kept: {folder["own/boxes.csv"]}", call.Out);
        Assert.AreSequenceEqual(["boxes.csv", "doubtful.png"], Directory.GetFileSystemEntries(folder["own"]).Select(Path.GetFileName).Order());
        Invocation.Of("new", folder["again"], "--videos", video, "--prior", prior, "--boxes", folder["own/boxes.csv"])
            .Returning(ExitCode.Done);
    }

    [TestMethod]
    public void New_by_a_name_that_no_file_can_have_is_refused_at_once()
    {
        using var folder = new TemporaryFolder();
        string prior = OwnMouse.WritePrior(folder);

        Invocation call = Invocation.Of("new", folder["own"], "--images", folder.Path, "--prior", prior, "--name", "mice/day 1")
            .Returning(ExitCode.Failed);

        Assert.Contains("The skeleton is called 'mice/day 1', which cannot be the name of a file", call.Error);
        Assert.IsFalse(Directory.Exists(folder["own"]));
    }

    [TestMethod]
    public void New_takes_of_several_labels_of_a_whole_image_the_one_with_the_most_points()
    {
        using var folder = new TemporaryFolder();
        ImageWriter.Write(new RgbImage(30, 30), Path.Combine(Directory.CreateDirectory(folder["images"]).FullName, "1.png"));
        folder.Write("pose.csv", "nose_x,nose_y,neck_x,neck_y,tail_x,tail_y\n10,2,10,8,10,25\n");
        folder.Write("labels.csv",
            "source,nose_x,nose_y,neck_x,neck_y,tail_x,tail_y\n1.png,,,,,,\n1.png,1,1,,,,\n1.png,4,4,5,5,6,6\n1.png,7,7,,,,\n");

        string text = Invocation.Of(
            "new", folder["own"], "--images", folder["images"], "--template", folder["pose.csv"], "--heading", "any",
            "--labels", folder["labels.csv"]).Returning(ExitCode.Done).Out;

        Assert.Contains("1 image has several labels, of which the one with the most points is taken: ", text);
        Assert.AreSequenceEqual(["1.png,4,4,5,5,6,6"], File.ReadLines(folder["own/labels.csv"]).Skip(1));
    }

    [TestMethod]
    public void New_of_a_video_that_cannot_be_used_leaves_no_folder()
    {
        OwnMouse.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        string video = OwnMouse.WriteVideo(folder["still.mp4"], SyntheticScenes.Arena() with { Frames = 20 });

        Invocation call = Invocation.Of("new", folder["own"], "--videos", video, "--prior", OwnMouse.WritePrior(folder))
            .Returning(ExitCode.Failed);

        Assert.Contains("No video can be used", call.Error);
        Assert.IsFalse(Directory.Exists(folder["own"]));
    }
}
