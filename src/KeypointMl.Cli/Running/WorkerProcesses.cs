using System.Diagnostics;
using System.Text;

namespace KeypointMl.Cli.Running;

/// <summary>
/// The command itself, several times side by side: one process for each device, because a process trains one run at a
/// time (what keeps the garbage collector away from a step, and libtorch's settings, are the process's). Their lines
/// are passed on, each behind its worker's name.
/// </summary>
/// <param name="output">Receives what they print.</param>
/// <param name="error">Receives their messages.</param>
internal sealed class WorkerProcesses(TextWriter output, TextWriter error)
{
    /// <summary>
    /// The option by which a worker is told to stop when its input ends: also where the process that started it is no
    /// more.
    /// </summary>
    public const string StopOption = "--stop-at-end-of-input";

    private readonly Lock gate = new();

    /// <summary>What starts the command again, before its arguments.</summary>
    public static IReadOnlyList<string> OwnProgram
    {
        get
        {
            string library = typeof(WorkerProcesses).Assembly.Location;
            string program = Environment.ProcessPath ?? "dotnet";
            // Behind 'dotnet keypointml.dll', and in a test, the program is another one.
            string own = typeof(WorkerProcesses).Assembly.GetName().Name!;
            bool isOurs = Path.GetFileName(program) is { } name && (name == own || name == own + ".exe") || library.Length == 0;
            return isOurs ? [program] : ["dotnet", "exec", library];
        }
    }

    /// <summary>Runs a command line for each worker and waits for all.</summary>
    /// <param name="workers">Names and arguments.</param>
    /// <param name="cancellation">Asks them to stop cleanly.</param>
    /// <returns>Their exit codes, in order.</returns>
    public int[] Run(IReadOnlyList<(string Name, IReadOnlyList<string> Arguments)> workers, CancellationToken cancellation)
    {
        Process[] processes = [.. workers.Select(worker => Start(worker.Arguments))];
        using CancellationTokenRegistration stop =
            cancellation.Register(() => Array.ForEach(processes, process => process.StandardInput.Close()));
        Thread[] readers =
        [
            .. processes.SelectMany((process, i) =>
                new[] { Reader(workers[i].Name, process.StandardOutput, output), Reader(workers[i].Name, process.StandardError, error) }),
        ];
        Array.ForEach(readers, reader => reader.Join());
        foreach (Process process in processes)
            process.WaitForExit();
        int[] codes = [.. processes.Select(process => process.ExitCode)];
        Array.ForEach(processes, process => process.Dispose());
        return codes;
    }

    private static Process Start(IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(OwnProgram[0], [.. OwnProgram.Skip(1), .. arguments]);
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError, start.UseShellExecute) =
            (true, true, true, false);
        start.StandardOutputEncoding = start.StandardErrorEncoding = Encoding.UTF8;
        return Process.Start(start)!;
    }

    private Thread Reader(string name, StreamReader from, TextWriter to)
    {
        var thread = new Thread(() =>
        {
            while (from.ReadLine() is { } line)
            {
                lock (gate)
                    to.WriteLine($"[{name}] {line}");
            }
        });
        thread.Start();
        return thread;
    }
}
