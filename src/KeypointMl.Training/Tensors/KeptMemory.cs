using System.Runtime.InteropServices;

namespace KeypointMl.Training.Tensors;

/// <summary>
/// While it lives, freed memory stays with the process. A step frees and asks again for some hundred megabytes; glibc
/// gives large blocks back to the system every time, which then clears each page once more when it is touched again.
/// Only with glibc (Linux); elsewhere it does nothing.
/// </summary>
internal readonly partial struct KeptMemory : IDisposable
{
    // malloc.h
    private const int TrimThreshold = -1;
    private const int TopPad = -2;
    private const int MmapThreshold = -3;

    // What glibc's own adjustment may grow to; from then on it does not adjust them any more.
    private const int LargestAdjusted = 32 << 20;

    private readonly bool kept;

    private KeptMemory(bool kept) => this.kept = kept;

    /// <summary>Begins.</summary>
    public static KeptMemory Begin()
    {
        if (!OperatingSystem.IsLinux() || !NativeLibrary.TryLoad("libc.so.6", out nint library)
            || !NativeLibrary.TryGetExport(library, "mallopt", out _)
            || !NativeLibrary.TryGetExport(library, "gnu_get_libc_version", out _))
            return default;
        bool set = SetOption(MmapThreshold, int.MaxValue) == 1 && SetOption(TrimThreshold, int.MaxValue) == 1
            && SetOption(TopPad, LargestAdjusted) == 1;
        return new KeptMemory(set);
    }

    /// <summary>Gives back what is free.</summary>
    public void Dispose()
    {
        if (!kept)
            return;
        _ = SetOption(MmapThreshold, LargestAdjusted);
        _ = SetOption(TrimThreshold, 2 * LargestAdjusted);
        _ = SetOption(TopPad, 0);
        _ = Trim(0);
    }

    [LibraryImport("libc.so.6", EntryPoint = "mallopt")]
    private static partial int SetOption(int parameter, int value);

    [LibraryImport("libc.so.6", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint pad);
}
