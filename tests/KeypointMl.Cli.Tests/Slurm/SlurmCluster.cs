using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace KeypointMl.Cli.Tests;

/// <summary>A Slurm controller and two nodes of two processors each, all on this machine, with ports and files of their own.</summary>
[SupportedOSPlatform("linux")]
internal sealed class SlurmCluster : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(200);
    private readonly TemporaryFolder folder = new();
    private readonly List<Process> daemons = [];

    public SlurmCluster()
    {
        File.WriteAllBytes(folder["munge.key"], RandomNumberGenerator.GetBytes(1024));
        File.SetUnixFileMode(folder["munge.key"], UnixFileMode.UserRead);
        File.SetUnixFileMode(folder[""], (UnixFileMode)0b111_001_001); // everybody may reach the socket
        File.WriteAllText(folder["cgroup.conf"], "CgroupPlugin=cgroup/v1\n");
        File.WriteAllText(folder["slurm.conf"], Configuration());
        Start("munged", "--foreground", "--force", $"--key-file={folder["munge.key"]}", $"--socket={folder["munge.socket"]}",
            $"--pid-file={folder["munged.pid"]}", $"--log-file={folder["munged.log"]}", $"--seed-file={folder["munge.seed"]}");
        Await("munged's socket", () => File.Exists(folder["munge.socket"]));
        Start("slurmctld", "-D", "-f", folder["slurm.conf"]);
        Start("slurmd", "-D", "-N", "node0", "-f", folder["slurm.conf"]);
        Start("slurmd", "-D", "-N", "node1", "-f", folder["slurm.conf"]);
        Await("two idle nodes", () => TryRun("sinfo", ["-h", "-N", "-o", "%T"]) is (0, "idle\nidle"));
    }

    /// <summary>Runs one of Slurm's commands.</summary>
    /// <returns>What it printed.</returns>
    public string Run(string program, params string[] arguments)
    {
        (int exitCode, string output) = TryRun(program, arguments);
        Assert.AreEqual(0, exitCode, $"{program} {string.Join(' ', arguments)}: {output}");
        return output;
    }

    /// <summary>Waits for something; fails where it does not happen.</summary>
    public static void Await(string what, Func<bool> happened)
    {
        using var pause = new ManualResetEventSlim();
        long start = Stopwatch.GetTimestamp();
        while (!happened())
        {
            Assert.IsLessThan(Patience, Stopwatch.GetElapsedTime(start), what);
            pause.Wait(Moment);
        }
    }

    public void Dispose()
    {
        daemons.Reverse();
        foreach (Process daemon in daemons)
        {
            if (!daemon.HasExited)
                daemon.Kill(entireProcessTree: true);
            daemon.WaitForExit();
            daemon.Dispose();
        }
        folder.Dispose();
    }

    private void Start(string program, params string[] arguments)
    {
        // What they say is in their log files.
        string path = Path.Combine("/usr/sbin", program);
        string command = $"exec {path} {string.Join(' ', arguments.Select(argument => $"'{argument}'"))} >>'{folder["daemons.log"]}' 2>&1";
        daemons.Add(Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]))!);
    }

    private (int ExitCode, string Output) TryRun(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["SLURM_CONF"] = folder["slurm.conf"];
        using var process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd() + errors.Result;
        process.WaitForExit();
        return (process.ExitCode, output.Trim());
    }

    private string Configuration()
    {
        string host = Environment.MachineName;
        return string.Create(CultureInfo.InvariantCulture, $"""
            ClusterName=test
            SlurmctldHost={host}(127.0.0.1)
            SlurmUser=root
            AuthType=auth/munge
            AuthInfo=socket={folder["munge.socket"]}
            CredType=cred/munge
            SlurmctldPort=17917
            StateSaveLocation={folder["state"]}
            SlurmdSpoolDir={folder["spool-%n"]}
            SlurmctldPidFile={folder["slurmctld.pid"]}
            SlurmdPidFile={folder["slurmd-%n.pid"]}
            SlurmctldLogFile={folder["slurmctld.log"]}
            SlurmdLogFile={folder["slurmd-%n.log"]}
            ProctrackType=proctrack/linuxproc
            TaskPlugin=task/none
            JobAcctGatherType=jobacct_gather/none
            AccountingStorageType=accounting_storage/none
            MpiDefault=none
            ReturnToService=2
            SelectType=select/cons_tres
            SelectTypeParameters=CR_CPU
            SlurmdParameters=config_overrides
            NodeName=node0 NodeHostname={host} NodeAddr=127.0.0.1 Port=17920 CPUs=2
            NodeName=node1 NodeHostname={host} NodeAddr=127.0.0.1 Port=17921 CPUs=2
            PartitionName=all Nodes=node0,node1 Default=YES State=UP MaxTime=INFINITE

            """);
    }
}
