using System.Diagnostics;

namespace KeypointMl.Testing;

/// <summary>ffmpeg and ffprobe while they run, found in /proc: on Linux alone.</summary>
internal static class RunningProcess
{
    /// <summary>Sends the one that reads a file a signal.</summary>
    /// <param name="tool"><c>ffmpeg</c> or <c>ffprobe</c>.</param>
    /// <param name="signal">Such as <c>KILL</c>.</param>
    /// <param name="arguments">What its command line holds, all of it.</param>
    /// <returns>Whether it runs.</returns>
    public static bool Signal(string tool, string signal, params string[] arguments)
    {
        if (!OperatingSystem.IsLinux())
            Assert.Inconclusive("Processes are found in /proc.");
        string? found = Directory.GetDirectories("/proc").Select(process => Path.GetFileName(process)).SingleOrDefault(id =>
            int.TryParse(id, out _) && CommandLineOf(id) is var line && line.StartsWith($"{tool}\0", StringComparison.Ordinal)
            && arguments.All(line.Contains));
        if (found is null)
            return false;
        using var kill = Process.Start("kill", [$"-{signal}", found]);
        kill.WaitForExit();
        return kill.ExitCode == 0;
    }

    private static string CommandLineOf(string id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline");
        }
        catch (IOException)
        {
            return ""; // it has ended meanwhile
        }
    }
}
