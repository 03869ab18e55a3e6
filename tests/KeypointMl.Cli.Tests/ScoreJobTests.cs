using KeypointMl.Cli.Running;
using KeypointMl.Imaging.Images;

namespace KeypointMl.Cli.Tests;

[TestClass]
public sealed class ScoreJobTests
{
    [TestMethod]
    public void Job_is_planned_scored_by_shares_verified_and_merged()
    {
        using TemporaryFolder folder = WithPipeline(10);
        File.WriteAllText(Path.Combine(folder["images"], "3.png"), "no image");

        Assert.Contains("10 frames of 10 files in 4 shards",
            Invocation.Of("plan", folder["p.yaml"], "--out", folder["job"], "--shard-frames", "3").Returning(ExitCode.Done).Out);
        Invocation first = Invocation.Of("score", "--job", folder["job"], "--shard", "0/2").Returning(ExitCode.Done);
        Assert.Contains("share 0/2: 2 shards done, 0 were finished already; 6 poses and 0 failures in 6 frames", first.Out);
        Assert.Contains("2 of 4 shards are still to be done: 1, 3",
            Invocation.Of("verify", folder["job"]).Returning(ExitCode.Failed).Error);
        Assert.Contains("nothing was merged", Invocation.Of("merge", folder["job"]).Returning(ExitCode.Failed).Error);
        Invocation second = Invocation.Of("score", "--job", folder["job"]).Returning(ExitCode.Done);
        Assert.Contains("keypointml: failed: 3.png, frame 0: ", second.Error);
        Assert.Contains("complete: 10 frames in; 10 rows out: 9 ok, 1 failed",
            Invocation.Of("verify", folder["job"]).Returning(ExitCode.Done).Out);
        Invocation.Of("merge", folder["job"], "--output", folder["a.csv"], "--output", folder["a.json"]).Returning(ExitCode.Done);

        Assert.HasCount(11, File.ReadAllLines(folder["a.csv"]));
        Assert.IsTrue(File.Exists(folder["a.json"]));
    }

    [TestMethod]
    public void Pipeline_with_a_job_is_planned_on_the_way_and_scored_once()
    {
        using TemporaryFolder folder = WithPipeline(4);

        Assert.Contains("1 shards done", Invocation.Of("score", folder["p.yaml"], "--job", folder["job"]).Returning(ExitCode.Done).Out);
        Assert.Contains("0 shards done, 1 were finished already", Invocation.Of("score", folder["p.yaml"], "--job", folder["job"])
            .Returning(ExitCode.Done).Out);
    }

    [TestMethod]
    public void Worker_says_by_its_exit_code_whether_another_attempt_may_help()
    {
        using TemporaryFolder folder = WithPipeline(4);
        Assert.Contains("There is no job", Invocation.Of("score", "--job", folder["job"]).Returning(ExitCode.Failed).Error);
        Invocation.Of("plan", folder["p.yaml"], "--out", folder["job"]).Returning(ExitCode.Done);

        Directory.Move(folder["images"], folder["away"]);
        Assert.Contains("Is it mounted", Invocation.Of("score", "--job", folder["job"]).Returning(ExitCode.Failed).Error);
        Directory.Move(folder["away"], folder["images"]);

        File.AppendAllText(folder["detector.onnx"], " ");
        Assert.Contains("was changed after the job", Invocation.Of("score", "--job", folder["job"]).Returning(ExitCode.Permanent).Error);
        Assert.Contains("neither a Slurm array", Invocation.Of("score", "--job", folder["job"], "--shard", "auto")
            .Returning(ExitCode.Permanent).Error);
    }

    [TestMethod]
    public void Share_without_a_job_and_a_job_with_other_options_are_wrong_usage()
    {
        Assert.Contains("--shard needs --job", Invocation.Of("score", "p.yaml", "--shard", "0/2").Returning(ExitCode.WrongUsage).Error);
        Assert.Contains("leave out --model", Invocation.Of("score", "--job", "j", "--model", "m").Returning(ExitCode.WrongUsage).Error);
    }

    private static TemporaryFolder WithPipeline(int images)
    {
        var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["detector.onnx"], TestModels.Detector());
        Directory.CreateDirectory(folder["images"]);
        for (int i = 0; i < images; i++)
            ImageWriter.Write(TestImages.Numbered(i), Path.Combine(folder["images"], $"{i}.png"));
        File.WriteAllText(folder["p.yaml"],
            $"model: {folder["detector.onnx"]}\ninput: {folder["images"]}\noutput: {folder["p.csv"]}\nthreads: 1\ndevice: cpu\n");
        return folder;
    }
}
