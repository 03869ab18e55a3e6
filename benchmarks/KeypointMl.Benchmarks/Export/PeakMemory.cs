using System.Diagnostics;

namespace KeypointMl.Benchmarks;

/// <summary>How much the process's working set grows at most.</summary>
internal sealed class PeakMemory
{
    private const string ClearReferences = "/proc/self/clear_refs";
    private const string ResetPeak = "5";
    private readonly long before = Environment.WorkingSet;

    private PeakMemory()
    {
    }

    /// <summary>Begins to watch. Linux is told to forget the peak until now; elsewhere an earlier, higher peak hides a later one.</summary>
    public static PeakMemory Begin()
    {
        if (File.Exists(ClearReferences))
            File.WriteAllText(ClearReferences, ResetPeak);
        return new PeakMemory();
    }

    /// <summary>The largest working set since <see cref="Begin"/>, less the one then.</summary>
    public long ExtraBytes()
    {
        using var self = Process.GetCurrentProcess();
        return self.PeakWorkingSet64 - before;
    }
}
