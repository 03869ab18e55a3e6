using System.Diagnostics;
using System.Runtime.Versioning;

namespace KeypointMl.Cli.Tests;

/// <summary>The scripts in <c>deploy/slurm</c>, run by Slurm.</summary>
[TestClass]
[SupportedOSPlatform("linux")]
public sealed class SlurmTests
{
    [TestMethod]
    [TestCategory("Slurm")]
    [SlurmCondition]
    public void Array_job_whose_worker_is_killed_is_requeued_and_the_result_is_complete()
    {
        using var chaos = new ChaosJob(10_000, shardFrames: 50);
        chaos.Plan(chaos["job"]);
        using var cluster = new SlurmCluster();
        string[] common =
        [
            "--parsable", "--cpus-per-task=1", $"--output={chaos["log-%A-%a.txt"]}",
            $"--export=ALL,KEYPOINTML=dotnet exec {Path.Combine(AppContext.BaseDirectory, "KeypointMl.Cli.dll")}",
        ];

        string array = cluster.Run("sbatch", [.. common, "--array=0-3", RepositoryFiles.Path("deploy/slurm/score.sbatch"), chaos["job"]]);
        string verify = cluster.Run(
            "sbatch", [.. common, $"--dependency=afterok:{array}", RepositoryFiles.Path("deploy/slurm/verify.sbatch"), chaos["job"]]);
        KillOneWorker(chaos["job"]);
        SlurmCluster.Await("the requeue", () => cluster.Run("squeue", "-h", "-r", "-t", "PENDING", "-j", array, "-o", "%i").Length > 0);
        // Slurm lets a requeued task wait for two minutes.
        cluster.Run("scontrol", "update", $"JobId={cluster.Run("squeue", "-h", "-r", "-t", "PENDING", "-j", array, "-o", "%i")}",
            "StartTime=now");
        SlurmCluster.Await("the end of all jobs", () => cluster.Run("squeue", "-h").Length == 0);

        Assert.Contains("JobState=COMPLETED", cluster.Run("scontrol", "show", "job", verify));
        chaos.IsAsCalm(chaos["job"]);
        string log = File.ReadAllText(
            Directory.GetFiles(chaos[""], $"log-{array}-*.txt").Single(file => File.ReadAllText(file).Contains("requeueing")));
        Assert.Contains("keypointml returned 137; requeueing (attempt 1 of 10)", log);
        Assert.HasCount(chaos.Frames + 1, File.ReadAllLines(chaos["p.csv"]));
    }

    [TestMethod]
    [TestCategory("Slurm")]
    [SlurmCondition]
    public void Task_with_a_permanent_failure_is_not_requeued()
    {
        using var chaos = new ChaosJob(100, shardFrames: 50);
        chaos.Plan(chaos["job"]);
        File.AppendAllText(chaos["detector.onnx"], " ");
        using var cluster = new SlurmCluster();

        string array = cluster.Run(
            "sbatch", "--parsable", "--cpus-per-task=1", $"--output={chaos["log-%A-%a.txt"]}",
            $"--export=ALL,KEYPOINTML=dotnet exec {Path.Combine(AppContext.BaseDirectory, "KeypointMl.Cli.dll")}", "--array=0-0",
            RepositoryFiles.Path("deploy/slurm/score.sbatch"), chaos["job"]);
        SlurmCluster.Await("the end", () => cluster.Run("squeue", "-h").Length == 0);

        Assert.Contains("ExitCode=42:0", cluster.Run("scontrol", "show", "job", array));
    }

    // SIGKILL to the first worker that there is.
    private static void KillOneWorker(string job)
    {
        string? victim = null;
        SlurmCluster.Await("a worker", () =>
            (victim = Directory.GetDirectories("/proc").FirstOrDefault(process => IsWorker(process, job))) is not null);
        using var worker = Process.GetProcessById(int.Parse(Path.GetFileName(victim!)));
        worker.Kill();
    }

    private static bool IsWorker(string process, string job)
    {
        try
        {
            return int.TryParse(Path.GetFileName(process), out _)
                && File.ReadAllText(Path.Combine(process, "cmdline")).Split('\0') is ["dotnet", .., "--log", "json", ""] words
                && words.Contains(job);
        }
        catch (IOException)
        {
            return false; // it ended meanwhile
        }
    }
}
