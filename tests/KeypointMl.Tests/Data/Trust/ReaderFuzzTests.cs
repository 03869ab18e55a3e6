using System.Collections.Concurrent;
using System.Diagnostics;
using KeypointMl.Tests.Fuzzing;
using KeypointMl.Tests.Onnx.Trust;
using KeypointMl.Tests.Scoring;

namespace KeypointMl.Tests.Data.Trust;

[TestClass]
public sealed class ReaderFuzzTests
{
    private static readonly Dictionary<string, FuzzedReader> All =
        ((FuzzedReader[])[.. TextReaders.All, .. FormatReaders.All, .. SetReaders.All, .. MediaReaders.All, .. MediaReaders.Videos,
            .. JobReaders.All, .. ReviewReaders.All, .. ModelReaders.All])
        .ToDictionary(reader => reader.Name);

    public static IEnumerable<object[]> Readers => All.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Readers))]
    public void Good_files_are_read(string name)
    {
        using var folder = new TemporaryFolder();
        FuzzedReader reader = All[name];
        foreach (byte[] sample in reader.Samples())
        {
            string path = folder.File("good" + reader.Extension);
            File.WriteAllBytes(path, reader.Wrap(sample));
            reader.Read(path);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Readers))]
    public void Spoiled_files_are_refused_or_read(string name) => Run(name, seed: 1, done => done < All[name].Cases);

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
    [TestCategory("fuzz-night")]
    [FuzzNightCondition]
    public void Millions_of_spoiled_files_are_refused_or_read()
    {
        string[] found = [.. All.Values.SelectMany(FuzzNight.Run)];

        Assert.IsEmpty(found, string.Join('\n', found));
    }

    [TestMethod]
    [DataRow("path-parquet")]
    [DataRow("prediction-parquet")]
    public void Parquet_with_any_byte_changed_is_refused_or_read(string name)
    {
        using var folder = new TemporaryFolder();
        byte[] good = All[name].Samples()[0];
        var run = new FuzzRun(All[name], folder.Path, 0, Fail);
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

    [TestMethod]
    [DataRow("coco")]
    [DataRow("path-parquet")]
    [DataRow("prediction-parquet")]
    public void File_cut_at_any_byte_is_refused(string name)
    {
        using var folder = new TemporaryFolder();
        byte[] good = All[name].Samples()[0];
        var run = new FuzzRun(All[name], folder.Path, 0, Fail);
        for (int length = 0; length < good.Length - 1; length++)
            Assert.IsTrue(run.IsRefused(good[..length], $"{length} of {good.Length} bytes"), $"{length} of {good.Length} bytes");
    }

    // A failure on the worker's thread would end the process: it is told here.
    private static void Run(string name, int seed, Func<int, bool> goOn)
    {
        using var folder = new TemporaryFolder();
        var deaths = new ConcurrentQueue<string>();

        new FuzzRun(All[name], folder.Path, seed, (what, file) => deaths.Enqueue(Describe(what, file))).Run(done => deaths.IsEmpty
            && goOn(done));

        Assert.IsEmpty(deaths, string.Join('\n', deaths));
    }

    private static void Fail(string what, byte[] file) => Assert.Fail(Describe(what, file));

    private static string Describe(string what, byte[] file) => $"{what}, as base64: {Convert.ToBase64String(file)}";
}
