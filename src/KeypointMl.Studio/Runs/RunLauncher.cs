using System.ComponentModel;
using System.Diagnostics;
using KeypointMl.Data.Manifests;
using KeypointMl.Imaging.Files;
using KeypointMl.Studio.Answers;
using Microsoft.AspNetCore.Http;

namespace KeypointMl.Studio.Runs;

/// <summary>
/// Goes on with runs that were stopped, each in a process of its own. It ends with the studio: at the end of its input it writes a
/// checkpoint and stops.
/// </summary>
/// <param name="starter">What <see cref="StudioOptions.Starter"/> says; null where no process can be started.</param>
/// <param name="dataRoot">What the data manifests' paths start from; null for the environment's.</param>
internal sealed class RunLauncher(Func<IReadOnlyList<string>, IReadOnlyList<string>>? starter, string? dataRoot) : IDisposable
{
    private static readonly TimeSpan EndingTime = TimeSpan.FromMinutes(1);

    private readonly Lock access = new();
    private readonly Dictionary<string, Training> started = [];

    /// <summary>Whether runs can be gone on with from here.</summary>
    public bool IsPossible => starter is not null;

    /// <summary>The command that goes on with a run, to be typed.</summary>
    /// <param name="run">Its folder.</param>
    public string CommandOf(string run) => ShellWords.Join(["keypointml", .. ArgumentsOf(run)]);

    /// <summary>Goes on with a run.</summary>
    /// <param name="run">Its folder.</param>
    /// <exception cref="RefusedException">It is trained already, or no process can be started.</exception>
    public void Resume(string run)
    {
        if (starter is null)
            throw Refused($"This page cannot start a training. Type: {CommandOf(run)}");
        lock (access)
        {
            if (ProcessOf(run) is int process)
                throw Refused($"Process {process} trains this run already. Stop it first, or let it go on.");
            if (started.Remove(run, out Training? before))
                before.Dispose();
            IReadOnlyList<string> command = starter(ArgumentsOf(run));
            try
            {
                started[run] = new Training(command[0], [.. command.Skip(1)]);
            }
            catch (Win32Exception error)
            {
                throw Refused($"'{command[0]}' cannot be started: {error.Message}. Type: {CommandOf(run)}");
            }
        }
    }

    /// <summary>Asks the process that trains a run to stop as Ctrl-C does: it writes a checkpoint first.</summary>
    /// <exception cref="RefusedException">No process is known to train it.</exception>
    public void Stop(string run)
    {
        lock (access)
        {
            if (started.TryGetValue(run, out Training? training) && training.Number is not null)
            {
                training.Stop();
                return;
            }
        }
        RunProcess.Stop(run);
    }

    /// <summary>The process that trains a run; null where none does, or that cannot be told.</summary>
    public int? ProcessOf(string run)
    {
        lock (access)
            return started.GetValueOrDefault(run)?.Number ?? RunProcess.Of(run);
    }

    /// <summary>What the process that was started for a run said before it failed; null where it did not fail.</summary>
    public string? FaultOf(string run)
    {
        lock (access)
            return started.GetValueOrDefault(run)?.Fault;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (access)
        {
            foreach (Training training in started.Values)
                training.Stop();
            foreach (Training training in started.Values)
                training.Dispose();
            started.Clear();
        }
    }

    private string[] ArgumentsOf(string run) =>
    [
        "train", Path.Combine(run, "recipe.yaml"), "--out", run, "--resume",
        .. dataRoot is null ? Array.Empty<string>() : ["--data-root", dataRoot],
    ];

    private static RefusedException Refused(string message) => new(StatusCodes.Status409Conflict, message);

    // A process, and the last lines that it said.
    private sealed class Training : IDisposable
    {
        private const int KeptLines = 6;

        private readonly Process process;
        private readonly Queue<string> lines = new();
        private bool isAskedToStop;

        public Training(string program, IReadOnlyList<string> arguments)
        {
            var start = new ProcessStartInfo(program, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
                CreateNoWindow = true,
            };
            process = Process.Start(start)!;
            process.OutputDataReceived += (_, _) => { };
            process.ErrorDataReceived += (_, line) => Keep(line.Data);
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }

        public int? Number => process.HasExited ? null : process.Id;

        public string? Fault
        {
            get
            {
                if (isAskedToStop || !process.HasExited || process.ExitCode == 0)
                    return null;
                lock (lines)
                    return lines.Count > 0 ? string.Join('\n', lines) : $"It ended with exit code {process.ExitCode}, and said nothing.";
            }
        }

        public void Stop()
        {
            isAskedToStop = true;
            try
            {
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // It has ended by itself.
            }
        }

        // One that takes longer for its checkpoint ends afterwards, by itself.
        public void Dispose()
        {
            process.WaitForExit(EndingTime);
            process.Dispose();
        }

        private void Keep(string? line)
        {
            if (string.IsNullOrWhiteSpace(line))
                return;
            lock (lines)
            {
                lines.Enqueue(PrintableText.Of(line));
                if (lines.Count > KeptLines)
                    lines.Dequeue();
            }
        }
    }
}
