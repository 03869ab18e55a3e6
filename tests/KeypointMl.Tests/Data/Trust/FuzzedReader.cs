using System.Diagnostics;

namespace KeypointMl.Tests.Data.Trust;

/// <summary>A reader of files, good files for it, and what it may cost at most when they are spoiled.</summary>
/// <param name="Name">What to call it.</param>
/// <param name="Extension">Of its files, with the dot.</param>
/// <param name="Samples">Makes good files.</param>
/// <param name="Read">Reads a file.</param>
/// <param name="IsRefusal">Whether an exception is one that the reader documents.</param>
/// <param name="Words">What is put in where text is spoiled; empty for binary files.</param>
internal sealed record FuzzedReader(
    string Name, string Extension, Func<byte[][]> Samples, Action<string> Read, Func<Exception, bool> IsRefusal, string[] Words)
{
    /// <summary>What one spoiled file of some kilobytes may allocate.</summary>
    public long MaxBytes { get; init; } = 256 << 20;

    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(2);

    /// <summary>Reads spoiled files one after the other. Each is refused or read, in bounded time and memory.</summary>
    /// <param name="folder">For the files.</param>
    /// <param name="seed">Decides how they are spoiled.</param>
    /// <param name="goOn">Whether there is to be another, by how many there were.</param>
    /// <param name="died">Receives what should not have happened, and the file.</param>
    /// <returns>How many there were, and how many of them were refused.</returns>
    public (int Cases, int Refused) Run(string folder, int seed, Func<int, bool> goOn, Action<string, byte[]> died)
    {
        byte[][] samples = Samples();
        string path = Path.Combine(folder, $"{Name}{Extension}");
        var random = new Random(seed);
        int cases = 0, refused = 0;
        byte[] current = [];
        long started = 0;
        var worker = new Thread(() =>
        {
            for (; goOn(cases); cases++)
            {
                byte[] spoiled = Spoiling.Spoil(samples[random.Next(samples.Length)], samples[random.Next(samples.Length)], Words, random);
                File.WriteAllBytes(path, spoiled);
                current = spoiled;
                Volatile.Write(ref started, Stopwatch.GetTimestamp());
                refused += IsRefused(path, spoiled, $"seed {seed}, case {cases}", died) ? 1 : 0;
            }
        })
        {
            IsBackground = true,
        };
        worker.Start();
        // A reader that never ends cannot be stopped: its thread is left behind.
        while (!worker.Join(MaxTime / 4))
        {
            long since = Volatile.Read(ref started);
            if (since != 0 && Stopwatch.GetElapsedTime(since) > 10 * MaxTime)
            {
                died($"seed {seed}, case {cases}: no end after {Stopwatch.GetElapsedTime(since).TotalSeconds:0} s", current);
                break;
            }
        }
        return (cases, refused);
    }

    // A machine that is busy with something else is so once.
    private bool IsSlow(string path)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            Read(path);
        }
        catch (Exception error) when (IsRefusal(error))
        {
        }
        return watch.Elapsed > MaxTime;
    }

    /// <summary>Reads a file, and reports what no reader may do.</summary>
    public bool IsRefused(string path, byte[] content, string what, Action<string, byte[]> died)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        try
        {
            Read(path);
            return false;
        }
        catch (Exception error) when (IsRefusal(error))
        {
            if (!error.Message.Contains(Path.GetFileName(path), StringComparison.Ordinal))
                died($"{what}: the message does not name the file: {error.Message}", content);
            return true;
        }
        catch (Exception error)
        {
            died($"{what}: {error}", content);
            return false;
        }
        finally
        {
            long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            if (bytes > MaxBytes)
                died($"{what}: {bytes:N0} bytes were allocated", content);
            if (watch.Elapsed > MaxTime && IsSlow(path))
                died($"{what}: it took {watch.Elapsed.TotalSeconds:0.0} s", content);
        }
    }
}
