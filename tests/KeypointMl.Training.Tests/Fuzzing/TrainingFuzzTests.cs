using System.Collections.Concurrent;
using KeypointMl.Tests.Fuzzing;

namespace KeypointMl.Training.Tests;

[TestClass]
public sealed class TrainingFuzzTests
{
    private static readonly Dictionary<string, FuzzedReader> All = TrainingReaders.All.ToDictionary(reader => reader.Name);

    public static IEnumerable<object[]> Readers => All.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Readers))]
    public void Good_files_are_read(string name)
    {
        using var folder = new TemporaryFolder();
        foreach (byte[] sample in All[name].Samples())
        {
            string path = folder["good" + All[name].Extension];
            File.WriteAllBytes(path, All[name].Wrap(sample));
            All[name].Read(path);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Readers))]
    public void Spoiled_files_are_refused_or_read(string name)
    {
        using var folder = new TemporaryFolder();
        var found = new ConcurrentQueue<string>();

        var run = new FuzzRun(
            All[name], folder.Path, 1, (what, file) => found.Enqueue($"{what}, as base64: {Convert.ToBase64String(file)}"));
        run.Run(done => found.IsEmpty && done < All[name].Cases);

        Assert.IsEmpty(found, string.Join('\n', found));
    }

    [TestMethod]
    [TestCategory("fuzz-night")]
    [FuzzNightCondition]
    public void Millions_of_spoiled_files_are_refused_or_read()
    {
        string[] found = [.. All.Values.SelectMany(FuzzNight.Run)];

        Assert.IsEmpty(found, string.Join('\n', found));
    }
}
