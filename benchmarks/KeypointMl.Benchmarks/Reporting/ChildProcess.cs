using System.Diagnostics;
using System.Runtime.Versioning;

namespace KeypointMl.Benchmarks;

/// <summary>
/// Runs a command of this program in a process of its own, for what must not find a used process or needs fewer
/// processors.
/// </summary>
internal sealed class ChildProcess
{
    private readonly string command;
    private readonly Process process;

    private ChildProcess(string command, Process process) => (this.command, this.process) = (command, process);

    [SupportedOSPlatformGuard("linux")]
    [SupportedOSPlatformGuard("windows")]
    private static bool CanChoose => OperatingSystem.IsLinux() || OperatingSystem.IsWindows();

    /// <summary>Runs a command to its end; its error output is this program's.</summary>
    /// <param name="arguments">The command and its options.</param>
    /// <param name="processors">On how many processors it runs; it sees no others.</param>
    /// <returns>The lines that it printed.</returns>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static string[] Run(IReadOnlyList<string> arguments, int? processors = null) => Start(arguments, processors).Finish();

    /// <summary>Starts a command. From the program's first thread: a child inherits the processors of the thread that starts it.</summary>
    /// <param name="arguments">The command and its options.</param>
    /// <param name="processors">On how many processors it runs; it sees no others.</param>
    /// <param name="skip">How many of this process's processors are left to others.</param>
    public static ChildProcess Start(IReadOnlyList<string> arguments, int? processors = null, int skip = 0)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        // Under `dotnet Program.dll` the process is dotnet's.
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        return new ChildProcess(string.Join(' ', arguments), processors is not { } count ? Process.Start(start)!
            : CanChoose ? StartOn(count, skip, start)
            : throw new PlatformNotSupportedException("Processors can be chosen on Linux and Windows only. Run this there."));
    }

    /// <summary>Runs a command to its end in a runtime with the settings of the <c>keypointml</c> command.</summary>
    /// <param name="arguments">The command and its options.</param>
    /// <returns>The lines that it printed.</returns>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static string[] RunAsKeypointMl(params string[] arguments)
    {
        string settings = Path.Combine(AppContext.BaseDirectory, "KeypointMl.Cli.runtimeconfig.json");
        return new ChildProcess(
            string.Join(' ', arguments),
            Process.Start(new ProcessStartInfo(
                "dotnet", ["exec", "--runtimeconfig", settings, typeof(ChildProcess).Assembly.Location, .. arguments])
            {
                RedirectStandardOutput = true,
            })!).Finish();
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>The lines that it printed.</returns>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public string[] Finish()
    {
        using (process)
        {
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0
                ? output.TrimEnd('\n').Split('\n')
                : throw new InvalidOperationException(
                    $"'{command}' ended with exit code {process.ExitCode}. Expected 0; its message is above.");
        }
    }

    // A child inherits the processors of the thread that starts it; changed in a running process they would not hold
    // for threads that exist.
    [SupportedOSPlatform("linux")]
    [SupportedOSPlatform("windows")]
    private static Process StartOn(int count, int skip, ProcessStartInfo start)
    {
        using var self = Process.GetCurrentProcess();
        nint all = self.ProcessorAffinity;
        nint chosen = 0;
        for (int bit = 0; bit < nint.Size * 8 && count > 0; bit++)
        {
            if ((all & ((nint)1 << bit)) == 0 || skip-- > 0)
                continue;
            chosen |= (nint)1 << bit;
            count--;
        }
        if (count > 0)
        {
            throw new InvalidOperationException(
                $"{count} processors more are needed than this process may use ({Environment.ProcessorCount}). Ask for fewer.");
        }
        try
        {
            self.ProcessorAffinity = chosen;
            return Process.Start(start)!;
        }
        finally
        {
            self.ProcessorAffinity = all;
        }
    }
}
