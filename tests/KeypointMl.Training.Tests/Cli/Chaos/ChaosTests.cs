using System.Diagnostics;

namespace KeypointMl.Cli.Tests;

/// <summary>Real worker processes that are killed at random moments.</summary>
[TestClass]
public sealed class ChaosTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(5);

    [TestMethod]
    public void Job_whose_workers_are_killed_has_the_bytes_of_the_calm_one()
    {
        using var chaos = new ChaosJob(3000, shardFrames: 15);
        chaos.Plan(chaos["job"]);

        KillWorkers(chaos["job"], kills: 4, workers: 2, seed: 1);
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

        KillWorkers(job, kills: 13, workers: 3, seed: 2);
        disk.FillUp();
        using (var worker = WorkerProcess.Start("score", "--job", job))
            worker.Returns(ExitCode.Failed);
        disk.MakeRoom();
        KillWorkers(job, kills: 6, workers: 3, seed: 3);
        disk.MakeReadOnly();
        using (var worker = WorkerProcess.Start("score", "--job", job))
            worker.Returns(ExitCode.Failed);
        disk.MakeWritable();
        KillWorkers(job, kills: 6, workers: 3, seed: 4);
        Finish(job);

        chaos.IsAsCalm(job);
    }

    private static void Finish(string job)
    {
        using var worker = WorkerProcess.Start("score", "--job", job);
        worker.Returns(ExitCode.Done);
    }

    // Each kill hits a worker before it has begun, while it writes, or between two shards: within 100 ms of its first record, or up to 3 s after its start.
    private static void KillWorkers(string job, int kills, int workers, int seed)
    {
        var random = new Random(seed);
        WorkerProcess[] running = [.. Enumerable.Range(0, workers).Select(_ => WorkerProcess.Start("score", "--job", job))];
        try
        {
            for (int killed = 0; killed < kills; killed++)
            {
                ref WorkerProcess victim = ref running[random.Next(workers)];
                long start = Stopwatch.GetTimestamp();
                var patience = TimeSpan.FromMilliseconds(random.Next(3000));
                while (Directory.GetFiles(Path.Combine(job, "manifest"), $"*-{victim.Id}-*").Length == 0 && Stopwatch.GetElapsedTime(start) < patience && !victim.HasEndedWithin(Moment))
                    continue;
                victim.HasEndedWithin(TimeSpan.FromMilliseconds(random.Next(100)));
                Assert.AreEqual(WorkerProcess.Killed, victim.Kill(), "the worker had finished before it was killed; there must be more work");
                victim.Dispose();
                victim = WorkerProcess.Start("score", "--job", job);
            }
        }
        finally
        {
            foreach (WorkerProcess worker in running)
                worker.Dispose();
        }
    }
}
