using System.Diagnostics;

namespace KeypointMl.Tests.Data;

/// <summary>Damages a good file in many ways and demands that a reader either reads it or complains with <see cref="InvalidDataException"/> and the file's name; quickly, and within bounded memory.</summary>
internal static class DamagedFiles
{
    /// <summary>PureHDF makes an array of the length that a file claims, 2 GiB at most, before it finds the file too short: the pages are never touched, but count as allocated.</summary>
    internal const long Hdf5MemoryLimit = (2L << 30) + MemoryLimit;

    private const long MemoryLimit = 256L << 20;

    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(20);

    /// <summary>Truncations at <paramref name="cases"/> places must all be complained about unless <paramref name="prefixesMayBeGood"/>; flipped bits and overwritten runs may leave a file good.</summary>
    /// <returns>How many of the damaged files were complained about.</returns>
    internal static int Check(string folder, string name, byte[] good, Action<string> read, int cases = 300, bool prefixesMayBeGood = false, long memoryLimit = MemoryLimit)
    {
        var random = new Random(7);
        int refused = 0;
        for (int i = 0; i < cases; i++)
        {
            int length = (int)((long)good.Length * i / cases);
            bool complained = Complains(folder, name, good[..length], read, memoryLimit);
            if (!prefixesMayBeGood)
                Assert.IsTrue(complained, $"{name}, cut to {length} of {good.Length} bytes, was read without complaint.");
            byte[] damaged = (byte[])good.Clone();
            for (int flips = random.Next(1, 8); flips > 0; flips--)
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            refused += (complained ? 1 : 0) + (Complains(folder, name, damaged, read, memoryLimit) ? 1 : 0);
            damaged = (byte[])good.Clone();
            random.NextBytes(damaged.AsSpan(random.Next(damaged.Length - 4), 4));
            refused += Complains(folder, name, damaged, read, memoryLimit) ? 1 : 0;
        }
        return refused;
    }

    private static bool Complains(string folder, string name, byte[] bytes, Action<string> read, long memoryLimit)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllBytes(path, bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var time = Stopwatch.StartNew();
        bool complained = false;
        try
        {
            read(path);
        }
        catch (InvalidDataException error)
        {
            Assert.Contains(name, error.Message);
            complained = true;
        }
        Assert.IsLessThan(TimeLimit, time.Elapsed, $"A damaged {name} took too long.");
        Assert.IsLessThan(memoryLimit, GC.GetAllocatedBytesForCurrentThread() - before, $"A damaged {name} of {bytes.Length} bytes took too much memory.");
        return complained;
    }
}
