using KeypointMl.Cli.Running;

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
}
