using System.Globalization;

namespace KeypointMl.Testing;

/// <summary>By how much a process's resident memory grows at most, managed and native, as Linux counts it.</summary>
internal sealed class ResidentMemory : IDisposable
{
    private const string Status = "/proc/self/status";
    private readonly long start;

    /// <summary>Begins to measure.</summary>
    public ResidentMemory()
    {
        GC.Collect();
        if (!OperatingSystem.IsLinux())
            return;
        Forget();
        start = Bytes("VmRSS:");
    }

    /// <summary>The peak since then less what there was, in bytes; 0 where the system does not say.</summary>
    public long Growth() => OperatingSystem.IsLinux() ? Math.Max(0, Bytes("VmHWM:") - start) : 0;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (OperatingSystem.IsLinux())
            Forget();
    }

    // 5 makes the peak what there is now (proc_pid_clear_refs(5)).
    private static void Forget() => File.WriteAllText("/proc/self/clear_refs", "5");

    private static long Bytes(string name)
    {
        string line = File.ReadLines(Status).First(line => line.StartsWith(name, StringComparison.Ordinal));
        return 1024 * long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
    }
}
