using System.Diagnostics;

namespace KeypointMl.Testing;

/// <summary>Reads spoiled files one after the other. Each is refused or read, in bounded time and memory.</summary>
/// <param name="reader">What reads them.</param>
/// <param name="folder">For the files; the one being read stays there when the process dies.</param>
/// <param name="seed">Decides how they are spoiled.</param>
/// <param name="died">Receives what should not have happened, and the file.</param>
internal sealed class FuzzRun(FuzzedReader reader, string folder, int seed, Action<string, byte[]> died)
{
    private readonly string path = Path.Combine(folder, $"{reader.Name}{reader.Extension}");
    private readonly FuzzResult result = new();
    private byte[] current = [];
    private long started;

    /// <summary>Runs until told to stop, or until a file is not done with after ten times the longest that is allowed.</summary>
    /// <param name="goOn">Whether there is to be another, by how many there were.</param>
    public FuzzResult Run(Func<int, bool> goOn)
    {
        byte[][] samples = reader.Samples();
        var watch = Stopwatch.StartNew();
        using var memory = new ResidentMemory();
        var worker = new Thread(() => ReadAll(samples, goOn)) { IsBackground = true };
        worker.Start();
        // A reader that never ends cannot be stopped: its thread is left behind.
        while (!worker.Join(TimeSpan.FromSeconds(0.5)))
        {
            long since = Volatile.Read(ref started);
            if (since != 0 && Stopwatch.GetElapsedTime(since) > 10 * reader.MaxTime)
            {
                result.Slow++;
                died($"seed {seed}, case {result.Cases}: no end after {Stopwatch.GetElapsedTime(since).TotalSeconds:0} s", current);
                break;
            }
        }
        result.ResidentGrowth = memory.Growth();
        result.Elapsed = watch.Elapsed;
        return result;
    }

    /// <summary>Reads one file, and reports what no reader may do.</summary>
    /// <returns>Whether it was refused as documented.</returns>
    public bool IsRefused(byte[] content, string what)
    {
        File.WriteAllBytes(path, content);
        long before = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        bool refused = false;
        try
        {
            reader.Read(path);
        }
        catch (Exception error)
        {
            bool isDocumented = reader.IsRefusal(error);
            refused = isDocumented && error.Message.Contains(Path.GetFileName(path), StringComparison.Ordinal);
            if (!refused)
            {
                result.Undocumented++;
                died(isDocumented ? $"{what}: the message does not name the file: {error.Message}" : $"{what}: {error}", content);
            }
        }
        Measure(GC.GetAllocatedBytesForCurrentThread() - before, Stopwatch.GetElapsedTime(start), content, what);
        return refused;
    }

    private void ReadAll(byte[][] samples, Func<int, bool> goOn)
    {
        var random = new Random(seed);
        for (; goOn(result.Cases); result.Cases++)
        {
            byte[] one = samples[random.Next(samples.Length)];
            current = reader.Wrap(Spoiling.Spoil(one, samples[random.Next(samples.Length)], reader.Words, random));
            Volatile.Write(ref started, Stopwatch.GetTimestamp());
            result.Refused += IsRefused(current, $"seed {seed}, case {result.Cases}") ? 1 : 0;
        }
    }

    private void Measure(long bytes, TimeSpan elapsed, byte[] content, string what)
    {
        result.MostAllocated = Math.Max(result.MostAllocated, bytes);
        if (bytes > reader.MaxBytes)
            died($"{what}: {bytes:N0} bytes were allocated", content);
        if (elapsed <= result.Slowest)
            return;
        // A machine that is busy with something else is so once.
        TimeSpan again = TimeAgain();
        elapsed = again < elapsed ? again : elapsed;
        result.Slowest = elapsed > result.Slowest ? elapsed : result.Slowest;
        if (elapsed > reader.MaxTime)
        {
            result.Slow++;
            died($"{what}: it took {elapsed.TotalSeconds:0.0} s", content);
        }
    }

    private TimeSpan TimeAgain()
    {
        var watch = Stopwatch.StartNew();
        try
        {
            reader.Read(path);
        }
        catch (Exception)
        {
            // What it was is known from the first time.
        }
        return watch.Elapsed;
    }
}
