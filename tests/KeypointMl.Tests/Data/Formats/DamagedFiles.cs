using System.Diagnostics;

namespace KeypointMl.Tests.Data;

/// <summary>
/// Damages a good file in many ways and demands that a reader either reads it or complains with <see
/// cref="InvalidDataException"/> and the file's name; quickly, and within bounded memory.
/// </summary>
internal static class DamagedFiles
{
    private const long MemoryLimit = 256L << 20;

    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Truncations at <paramref name="cases"/> places must all be complained about unless <paramref
    /// name="prefixesMayBeGood"/>; flipped bits and overwritten runs may leave a file good.
    /// </summary>
    /// <returns>How many of the damaged files were complained about.</returns>
    internal static int Check(string folder, string name, byte[] good, Action<string> read, int cases = 300, bool prefixesMayBeGood = false)
    {
        var random = new Random(7);
        int refused = 0;
        for (int i = 0; i < cases; i++)
        {
            int length = (int)((long)good.Length * i / cases);
            bool complained = Complains(folder, name, good[..length], read);
            if (!prefixesMayBeGood)
                Assert.IsTrue(complained, $"{name}, cut to {length} of {good.Length} bytes, was read without complaint.");
            byte[] damaged = (byte[])good.Clone();
            for (int flips = random.Next(1, 8); flips > 0; flips--)
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            refused += (complained ? 1 : 0) + (Complains(folder, name, damaged, read) ? 1 : 0);
            damaged = (byte[])good.Clone();
            random.NextBytes(damaged.AsSpan(random.Next(damaged.Length - 4), 4));
            refused += Complains(folder, name, damaged, read) ? 1 : 0;
        }
        return refused;
    }

    /// <summary>
    /// Damages a file at random in ways that a format of addresses and lengths is open to; each must be read or
    /// complained about.
    /// </summary>
    internal static void Spoil(string folder, string name, byte[] good, Action<string> read, int seed, int cases)
    {
        var random = new Random(seed);
        for (int i = 0; i < cases; i++)
        {
            byte[] damaged = (byte[])good.Clone();
            for (int changes = random.Next(1, 6); changes > 0; changes--)
            {
                int at = random.Next(damaged.Length - 8);
                switch (random.Next(5))
                {
                    case 0:
                        damaged[at] ^= (byte)(1 << random.Next(8));
                        break;
                    case 1:
                        damaged[at] = (byte)random.Next(256);
                        break;
                    case 2:
                        damaged.AsSpan(at, 8).Fill(0xFF);
                        break;
                    case 3:
                        BitConverter.TryWriteBytes(damaged.AsSpan(at / 8 * 8), (long)random.Next(damaged.Length) / 8 * 8);
                        break;
                    default:
                        BitConverter.TryWriteBytes(damaged.AsSpan(at / 8 * 8), 1L << random.Next(64));
                        break;
                }
            }
            try
            {
                Complains(folder, name, damaged, read);
            }
            catch (Exception exception) when (exception is not UnitTestAssertException)
            {
                throw new InvalidOperationException($"{name}, seed {seed}, case {i}", exception);
            }
        }
    }

    private static bool Complains(string folder, string name, byte[] bytes, Action<string> read)
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
        Assert.IsLessThan(MemoryLimit, GC.GetAllocatedBytesForCurrentThread() - before,
            $"A damaged {name} of {bytes.Length} bytes took too much memory.");
        return complained;
    }
}
