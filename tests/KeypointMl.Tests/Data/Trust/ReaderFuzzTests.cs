using System.Collections.Concurrent;
using System.Diagnostics;

namespace KeypointMl.Tests.Data.Trust;

[TestClass]
public sealed class ReaderFuzzTests
{
    public static IEnumerable<object[]> Readers => TextReaders.All.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Readers))]
    public void Good_files_are_read(string name)
    {
        using var folder = new TemporaryFolder();
        FuzzedReader reader = TextReaders.All[name];
        foreach (byte[] sample in reader.Samples())
        {
            string path = folder.File("good" + reader.Extension);
            File.WriteAllBytes(path, sample);
            reader.Read(path);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Readers))]
    public void Spoiled_files_are_refused_or_read(string name)
    {
        Run(name, seed: 1, done => done < 1500);
    }

    [TestMethod]
    [TestCategory("fuzz")]
    [FuzzCondition]
    [DynamicData(nameof(Readers))]
    public void Files_spoiled_for_as_long_as_given_are_refused_or_read(string name)
    {
        var watch = Stopwatch.StartNew();

        Run(name, Environment.TickCount, _ => watch.Elapsed < FuzzConditionAttribute.Duration);
    }

    [TestMethod]
    [DataRow("path-parquet")]
    [DataRow("prediction-parquet")]
    public void Parquet_with_any_byte_changed_is_refused_or_read(string name)
    {
        using var folder = new TemporaryFolder();
        FuzzedReader reader = TextReaders.All[name];
        byte[] good = reader.Samples()[0];
        string path = folder.File("spoiled" + reader.Extension);
        for (int at = 0; at < good.Length; at++)
        {
            foreach (byte value in (byte[])[0, 0x7F, 0xFF, (byte)(good[at] ^ 1)])
            {
                byte[] spoiled = [.. good];
                spoiled[at] = value;
                File.WriteAllBytes(path, spoiled);
                reader.IsRefused(path, spoiled, $"byte {at} is {value}", Fail);
            }
        }
    }

    [TestMethod]
    [DataRow("coco")]
    [DataRow("path-parquet")]
    [DataRow("prediction-parquet")]
    public void File_cut_at_any_byte_is_refused(string name)
    {
        using var folder = new TemporaryFolder();
        FuzzedReader reader = TextReaders.All[name];
        byte[] good = reader.Samples()[0];
        string path = folder.File("cut" + reader.Extension);
        for (int length = 0; length < good.Length - 1; length++)
        {
            File.WriteAllBytes(path, good[..length]);
            Assert.IsTrue(reader.IsRefused(path, good[..length], $"{length} of {good.Length} bytes", Fail), $"{length} of {good.Length} bytes");
        }
    }

    // A failure on the worker's thread would end the process: it is told here.
    private static void Run(string name, int seed, Func<int, bool> goOn)
    {
        using var folder = new TemporaryFolder();
        var deaths = new ConcurrentQueue<string>();

        TextReaders.All[name].Run(folder.Path, seed, done => deaths.IsEmpty && goOn(done), (what, file) => deaths.Enqueue(Describe(what, file)));

        Assert.IsEmpty(deaths, string.Join('\n', deaths));
    }

    private static void Fail(string what, byte[] file) => Assert.Fail(Describe(what, file));

    private static string Describe(string what, byte[] file) => $"{what}, as base64: {Convert.ToBase64String(file)}";
}
