using System.Collections.Concurrent;
using System.Diagnostics;

namespace KeypointMl.Testing;

/// <summary>What is asked of each reader of a room: good files are read, spoiled ones are refused or read.</summary>
internal sealed class FuzzedReaders(params IEnumerable<FuzzedReader> readers)
{
    private readonly Dictionary<string, FuzzedReader> all = readers.ToDictionary(reader => reader.Name);

    /// <summary>Their names, a row each.</summary>
    public IEnumerable<object[]> Names => all.Keys.Select(name => new object[] { name });

    public void ReadGood(string name)
    {
        using var folder = new TemporaryFolder();
        FuzzedReader reader = all[name];
        foreach (byte[] sample in reader.Samples())
            reader.Read(folder.Write("good" + reader.Extension, reader.Wrap(sample)));
    }

    /// <summary>As many spoiled files as the reader has cases, the same in every run.</summary>
    public void ReadSpoiled(string name) => Run(name, seed: 1, done => done < all[name].Cases);

    /// <summary>Spoiled files for as long as the environment says, others in every run.</summary>
    public void ReadSpoiledForAsLongAsGiven(string name)
    {
        var watch = Stopwatch.StartNew();

        Run(name, Environment.TickCount, _ => watch.Elapsed < FuzzConditionAttribute.Duration);
    }

    /// <summary>A night's millions, of all readers.</summary>
    public void ReadSpoiledAllNight()
    {
        string[] found = [.. all.Values.SelectMany(FuzzNight.Run)];

        Assert.IsEmpty(found, string.Join('\n', found));
    }

    /// <summary>Each byte of the good file changed, in four ways.</summary>
    public void ReadWithAnyByteChanged(string name)
    {
        using var folder = new TemporaryFolder();
        byte[] good = all[name].Samples()[0];
        var run = new FuzzRun(all[name], folder.Path, 0, Fail);
        for (int at = 0; at < good.Length; at++)
        {
            foreach (byte value in (byte[])[0, 0x7F, 0xFF, (byte)(good[at] ^ 1)])
            {
                byte[] spoiled = [.. good];
                spoiled[at] = value;
                run.IsRefused(spoiled, $"byte {at} is {value}");
            }
        }
    }

    /// <summary>The good file cut off at each byte: always refused.</summary>
    public void ReadCutAnywhere(string name)
    {
        using var folder = new TemporaryFolder();
        byte[] good = all[name].Samples()[0];
        var run = new FuzzRun(all[name], folder.Path, 0, Fail);
        for (int length = 0; length < good.Length - 1; length++)
            Assert.IsTrue(run.IsRefused(good[..length], $"{length} of {good.Length} bytes"), $"{length} of {good.Length} bytes");
    }

    // A failure on the worker's thread would end the process: it is told here.
    private void Run(string name, int seed, Func<int, bool> goOn)
    {
        using var folder = new TemporaryFolder();
        var found = new ConcurrentQueue<string>();

        new FuzzRun(all[name], folder.Path, seed, (what, file) => found.Enqueue(Describe(what, file)))
            .Run(done => found.IsEmpty && goOn(done));

        Assert.IsEmpty(found, string.Join('\n', found));
    }

    private static void Fail(string what, byte[] file) => Assert.Fail(Describe(what, file));

    private static string Describe(string what, byte[] file) => $"{what}, as base64: {Convert.ToBase64String(file)}";
}
