using KeypointMl.Cli.Running;

namespace KeypointMl.Cli.Tests;

/// <summary>Real worker processes that are killed at random moments.</summary>
[TestClass]
public sealed class ChaosTests
{
    [TestMethod]
    public void Job_whose_workers_are_killed_has_the_bytes_of_the_calm_one()
    {
        using var chaos = new ChaosJob(3000, shardFrames: 15);
        chaos.Plan(chaos["job"]);

        KillWorkers(chaos, chaos["job"], kills: 4, workers: 2, until: 0.6, seed: 1);
        Finish(chaos["job"]);

        chaos.IsAsCalm(chaos["job"]);
    }

    [TestMethod]
    [TestCategory("Chaos")]
    [ChaosCondition]
    public void Hundred_thousand_frames_survive_25_kills_a_full_disk_and_a_read_only_one()
    {
        using var chaos = new ChaosJob(100_000, shardFrames: 250);
        using var disk = new SmallDisk(chaos["disk"]);
        string job = Path.Combine(disk.Path, "job");
        chaos.Plan(job);

        KillWorkers(chaos, job, kills: 13, workers: 3, until: 0.4, seed: 2);
        disk.FillUp();
        using (var worker = WorkerProcess.Start("score", "--job", job))
            worker.Returns(ExitCode.Failed);
        disk.MakeRoom();
        KillWorkers(chaos, job, kills: 6, workers: 3, until: 0.6, seed: 3);
        disk.MakeReadOnly();
        using (var worker = WorkerProcess.Start("score", "--job", job))
            worker.Returns(ExitCode.Failed);
        disk.MakeWritable();
        KillWorkers(chaos, job, kills: 6, workers: 3, until: 0.8, seed: 4);
        Finish(job);

        chaos.IsAsCalm(job);
    }

    private static void Finish(string job)
    {
        using var worker = WorkerProcess.Start("score", "--job", job);
        worker.Returns(ExitCode.Done);
    }

    // Each kill comes at a moment of the job's progress, evenly spread up to a share of its shards, so that there is
    // work left however fast the machine is: to any worker while it works, or to the one started last before it has
    // begun.
    private static void KillWorkers(ChaosJob chaos, string job, int kills, int workers, double until, int seed)
    {
        var random = new Random(seed);
        double from = Finished(job), between = (until * chaos.Shards - from) / kills;
        WorkerProcess[] running = [.. Enumerable.Range(0, workers).Select(_ => WorkerProcess.Start("score", "--job", job))];
        try
        {
            int victim = 0;
            for (int killed = 0; killed < kills; killed++)
            {
                bool newcomer = random.Next(3) == 0;
                double moment = newcomer ? 0 : from + (killed + random.NextDouble()) * between;
                while (Finished(job) < moment)
                    Thread.Sleep(1);
                victim = newcomer ? victim : random.Next(workers);
                Thread.Sleep(random.Next(newcomer ? 500 : 100));
                Assert.AreEqual(WorkerProcess.Killed, running[victim].Kill(),
                    "the worker had finished before it was killed; there must be more work");
                running[victim].Dispose();
                running[victim] = WorkerProcess.Start("score", "--job", job);
            }
        }
        finally
        {
            foreach (WorkerProcess worker in running)
                worker.Dispose();
        }
    }

    private static int Finished(string job) => Directory.GetFiles(Path.Combine(job, "parts")).Length;
}
