using System.Collections.Immutable;
using KeypointMl.Training.Checkpoints.Safetensors;
using KeypointMl.Training.Models;
using KeypointMl.Training.Optimisation;
using KeypointMl.Training.Postprocessing;
using KeypointMl.Training.Runs;

namespace KeypointMl.Training.Tests;

/// <summary>Files that are well formed and whose checksums are right, or missing, but that no writer of ours wrote.</summary>
[TestClass]
public sealed class ForgedFileTests
{
    private readonly TemporaryFolder folder = new();

    [TestCleanup]
    public void DeleteFolder() => folder.Dispose();

    [TestMethod]
    [DataRow("recipe", "name: [", "the recipe in its metadata is none")]
    [DataRow("recipe", "name: p", "data.manifest is missing")]
    [DataRow("skeleton", "{}", "the skeleton in its metadata is none")]
    public void Checkpoint_with_something_else_for_a_part_names_the_file_and_the_part(string key, string value, string expected)
    {
        ImmutableSortedDictionary<string, string> metadata = new Dictionary<string, string>
        {
            ["keypointml.checkpoint"] = "2",
            ["recipe"] = "name: p\npreset: cpu-64\ndata: { manifest: m.yaml }",
            ["skeleton"] = """{"name":"fly","keypoints":["head"]}""",
        }.ToImmutableSortedDictionary(StringComparer.Ordinal).SetItem(key, value);
        var file = new CheckpointFile(Write([], SafetensorsChecksums.AddTo(metadata, [])), TrainingPhase.Training, 2);

        string message = Assert.ThrowsExactly<InvalidDataException>(() => TrainingCheckpoint.Read(file)).Message;

        Assert.Contains($"'{file.Path}' is damaged", message);
        Assert.Contains(expected, message);
    }

    [TestMethod]
    [DataRow("null")]
    [DataRow("{\"Steps\":1,\"Sums\":null}")]
    [DataRow("[]")]
    [DataRow("{\"Steps\":0,\"Sums\":{\"reconstruction\":1}}")]
    [DataRow("{\"Steps\":3,\"Sums\":{\"reconstruction\":1},\"Fewer\":{\"reconstruction\":-1}}")]
    public void Sums_of_losses_that_are_none_are_refused(string json)
    {
        using var averages = new LossAverages();

        Assert.Contains("sums of losses are damaged", Assert.ThrowsExactly<InvalidDataException>(() => averages.Restore(json)).Message);
    }

    [TestMethod]
    [DataRow(SafetensorsType.F32, new long[] { 2, 3 }, new long[] { 2 })]
    [DataRow(SafetensorsType.F32, new long[] { 6 }, new long[] { 2 })]
    [DataRow(SafetensorsType.F32, new long[] { 2, 2 }, new long[] { 4 })]
    [DataRow(SafetensorsType.F32, new long[] { 0, 2 }, new long[] { 0 })]
    [DataRow(SafetensorsType.I32, new long[] { 2, 2 }, new long[] { 2 })]
    [DataRow(SafetensorsType.BOOL, new long[] { 2, 2 }, new long[] { 2 })]
    public void Postprocessing_of_other_numbers_is_refused(SafetensorsType type, long[] weight, long[] bias)
    {
        var kind = ImmutableSortedDictionary<string, string>.Empty.Add("keypointml.postprocessing", "1");
        string path = Write([Zeros("weight", type, weight), Zeros("bias", type, bias)], kind);

        string message = Assert.ThrowsExactly<InvalidDataException>(() => LinearPostprocessor.Load(path)).Message;

        Assert.Contains($"'{path}' is damaged: its weights are {type} [{string.Join(", ", weight)}]", message);
    }

    private static SafetensorsTensor Zeros(string name, SafetensorsType type, long[] shape) =>
        new(name, type, [.. shape], new byte[shape.Aggregate(SafetensorsHeader.SizeOf(type), (long product, long size) => product * size)]);

    private string Write(SafetensorsTensor[] tensors, ImmutableSortedDictionary<string, string> metadata)
    {
        using FileStream stream = File.Create(folder["forged.safetensors"]);
        new SafetensorsFile(tensors, metadata).Write(stream);
        return stream.Name;
    }
}
