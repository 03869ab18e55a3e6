using KeypointMl.Cli.Running;
using KeypointMl.Imaging.Video;

namespace KeypointMl.Cli.Tests;

/// <summary><c>score --find</c> and <c>review</c> on a video that is made here; without ffmpeg these tests are skipped.</summary>
[TestClass]
public sealed class ReviewCommandTests
{
    private static readonly SyntheticScene Scene = SyntheticScenes.Arena(SyntheticScenes.Wanderer) with { Frames = 60 };

    [TestMethod]
    public void Video_without_boxes_is_scored_and_reviewed()
    {
        using TemporaryFolder folder = WithVideo();

        Invocation scored = Score(folder, "--find", "--count", "1", "--size", "64").Returning(ExitCode.Done);
        Invocation reviewed = Invocation.Of(
            "review", folder["p.parquet"], "--out", folder["review.html"], "--csv", folder["review.csv"],
            "--count", "3").Returning(ExitCode.Done);

        Assert.Contains("found: mouse.mp4: 60 frames, 1 tracks, boxes of 64 pixels", scored.Error);
        Assert.Contains("60 poses and 0 failures in 60 frames", scored.Out);
        Assert.StartsWith($"{folder["review.html"]}: ", reviewed.Out);
        Assert.AreEqual("", reviewed.Error);
        Assert.IsLessThanOrEqualTo(4, File.ReadAllLines(folder["review.csv"]).Length);
    }

    [TestMethod]
    public void Pipeline_without_boxes_is_scored_with_find()
    {
        using TemporaryFolder folder = WithVideo();
        File.WriteAllText(
            folder["p.yaml"], $"model: {folder["detector.onnx"]}\ninput: {folder["mouse.mp4"]}\noutput: {folder["p.csv"]}\ndevice: cpu\n");

        Invocation.Of("score", folder["p.yaml"], "--find").Returning(ExitCode.Done);

        Assert.IsTrue(File.ReadLines(folder["p.csv"]).Skip(1).All(line => line.Split(',')[2] == "0"));
    }

    [TestMethod]
    public void What_contradicts_find_is_wrong_usage()
    {
        using var folder = new TemporaryFolder();

        Invocation both = Score(folder, "--find", "--boxes", "b.csv").Returning(ExitCode.WrongUsage);
        Invocation alone = Score(folder, "--count", "2").Returning(ExitCode.WrongUsage);
        Invocation job = Invocation.Of("score", "--job", folder["job"], "--find").Returning(ExitCode.WrongUsage);

        Assert.Contains("--find and --boxes both say where the subjects are", both.Error);
        Assert.Contains("--count needs --find", alone.Error);
        Assert.Contains("A job's pipeline says itself", job.Error);
    }

    [TestMethod]
    public void Review_of_what_is_not_there_returns_1_and_missing_videos_are_noted()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(
            folder["gap.csv"],
            "source,frame,item,nose.x,nose.y,nose.confidence\nv.mp4,0,0,9,9,0.9\nv.mp4,1,0,9,9,0.9\nv.mp4,5,0,9,9,0.9\n");

        Invocation missing = Invocation.Of("review", folder["q.csv"], "--out", folder["r.html"]).Returning(ExitCode.Failed);
        Invocation without = Invocation.Of("review", folder["gap.csv"], "--out", folder["r.html"]).Returning(ExitCode.Done);

        Assert.Contains("There is no file", missing.Error);
        Assert.Contains("'v.mp4' was not found", without.Error);
        Assert.Contains("1 of 1 doubtful rows, of 3 in 1 tracks", without.Out);
        Assert.Contains("not seen in the 3 scored frames before", File.ReadAllText(folder["r.html"]));
    }

    [TestMethod]
    public void Review_tells_when_a_frame_of_uneven_rate_is_shown()
    {
        if (FfmpegVersion.Find() is null)
            Assert.Inconclusive("Skipped: ffmpeg is not installed.");
        using var folder = new TemporaryFolder();
        // Ten frames at 25 a second, then one each 0.12 seconds.
        string[] slower = ["-vf", "setpts='if(lt(N,10),N,10+(N-10)*3)/25/TB'", "-fps_mode", "vfr", "-c:v", "libx264", "-an"];
        VideoFiles.Make(folder, "slower.mp4", slower);
        File.WriteAllText(
            folder["gap.csv"],
            "source,frame,item,nose.x,nose.y,nose.confidence\n"
            + string.Concat(new[] { 0, 1, 20 }.Select(frame => $"slower.mp4,{frame},0,9,9,0.9\n")));

        Invocation.Of("review", folder["gap.csv"], "--out", folder["r.html"], "--csv", folder["r.csv"]).Returning(ExitCode.Done);

        Assert.StartsWith("slower.mp4,20,1.600,", File.ReadLines(folder["r.csv"]).ElementAt(1));
    }

    private static Invocation Score(TemporaryFolder folder, params string[] more) => Invocation.Of(
    [
        "score", "--model", folder["detector.onnx"], "--input", folder["mouse.mp4"], "--output", folder["p.parquet"],
        "--device", "cpu", .. more,
    ]);

    private static TemporaryFolder WithVideo()
    {
        if (FfmpegVersion.Find() is null)
            Assert.Inconclusive("Skipped: ffmpeg is not installed.");
        var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["detector.onnx"], TestModels.Detector());
        using var writer = new VideoWriter(folder["mouse.mp4"], Scene.Width, Scene.Height, 25);
        foreach (VideoFrame frame in Scene.Video())
            writer.Write(frame.Image);
        writer.Complete();
        return folder;
    }
}
