using System.Globalization;
using System.Runtime.InteropServices;
using KeypointMl.Imaging.Files;
using KeypointMl.Studio.Answers;
using Microsoft.AspNetCore.Http;

namespace KeypointMl.Studio.Runs;

/// <summary>The process that trains a run, as Linux tells it: the one that holds the run's lock.</summary>
internal static partial class RunProcess
{
    private const string LockName = ".lock";
    private const string Locks = "/proc/locks";
    private const int Terminate = 15;

    /// <summary>The process that holds a run's lock; null where none does, or that cannot be told here.</summary>
    /// <param name="run">The run's folder.</param>
    public static int? Of(string run)
    {
        string path = Path.Combine(run, LockName);
        if (!OperatingSystem.IsLinux() || !File.Exists(Locks) || LinuxFileStatus.Of(path) is not { } status)
            return null;
        // 1: FLOCK  ADVISORY  WRITE 4711 00:2b:131 0 EOF
        foreach (string line in File.ReadLines(Locks))
        {
            string[] parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (parts is [_, "FLOCK", _, _, var process, var file, ..]
                && file.EndsWith($":{status.Number}", StringComparison.Ordinal)
                && int.TryParse(process, CultureInfo.InvariantCulture, out int number) && Holds(number, path))
                return number;
        }
        return null;
    }

    /// <summary>Asks the process to stop as Ctrl-C does: it writes a checkpoint first.</summary>
    /// <exception cref="RefusedException">No process is known to train it.</exception>
    public static void Stop(string run)
    {
        if (Of(run) is not int process || !OperatingSystem.IsLinux() || Kill(process, Terminate) != 0)
        {
            throw new RefusedException(
                StatusCodes.Status409Conflict,
                "No process that trains this run is known here. Where it trains on, stop it there by Ctrl-C: "
                + "it writes a checkpoint first.");
        }
    }

    // Numbers of files are only unique in one file system.
    private static bool Holds(int process, string path)
    {
        try
        {
            string real = FileIdentity.FollowLinks(path);
            return Directory.EnumerateFiles($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/fd")
                .Any(file => new FileInfo(file).LinkTarget == real);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
