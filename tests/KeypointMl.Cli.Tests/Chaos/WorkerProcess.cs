using System.Diagnostics;
using System.Text;

namespace KeypointMl.Cli.Tests;

/// <summary>The command in a process of its own, which can be killed as a machine's failure would: without a word.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private readonly Process process;
    private readonly StringBuilder errors = new();

    private WorkerProcess(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) =>
        {
            lock (errors)
                errors.AppendLine(line.Data);
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>What a process that was killed by SIGKILL returns.</summary>
    public const int Killed = 128 + 9;

    public static WorkerProcess Start(params string[] args) =>
        new(Process.Start(new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "KeypointMl.Cli.dll"), .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);

    /// <summary>SIGKILL.</summary>
    public int Kill()
    {
        process.Kill();
        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>Waits for it to end by itself, with the expected exit code.</summary>
    public void Returns(int exitCode)
    {
        process.WaitForExit();
        lock (errors)
            Assert.AreEqual(exitCode, process.ExitCode, errors.ToString());
    }

    public void Dispose()
    {
        if (!process.HasExited)
            Kill();
        process.Dispose();
    }
}
