using System.Collections.Immutable;
using System.Text;
using KeypointMl.Training.Checkpoints.Safetensors;
using KeypointMl.Training.Checkpoints.Weights;
using KeypointMl.Training.Experiments;
using KeypointMl.Training.Models;
using KeypointMl.Training.Optimisation;
using KeypointMl.Training.Postprocessing;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Reports;
using KeypointMl.Training.Runs;

namespace KeypointMl.Training.Tests;

/// <summary>The readers of training's files: recipes, experiments, runs, checkpoints and others' weights.</summary>
internal static class TrainingReaders
{
    private const string Yaml = """
        # A comment.
        name: puppets
        preset: cpu-64
        seed: 1
        data:
          manifest: data-manifests/puppets.yaml
        prior: { rotation_degrees: 5, scale: 0.05, shift: 0.03 }
        training:
          steps: 2500
          betas: [0.5, 0.999]
        losses:
          reconstruction_kind: pyramid-l1
          equivariance: 2
        """;

    private const string Experiment = """
        title: Puppets
        paper: Table 1
        seeds: [1, 2]
        columns:
          - { name: error, metric: error_percent_of_image, recipe: pipelines/train/puppets.yaml }
          - name: within
            metric: pck/0.1
            recipe: pipelines/train/puppets.yaml
            set: { training.steps: 3 }
        rows:
          - name: ours
            group: a
            paper: { error: "1.5" }
          - { name: theirs, cited: true, paper: { error: "2", within: "3" } }
        """;

    private const string Log = """
        {"step":1,"seconds":0.5,"images_per_second":10,"losses":{"total":1.5,"nan":"NaN"}}
        {"phase":"training","step":2,"seconds":1,"losses":{},"evaluation":{"error_percent_of_image":3.25}}

        """;

    private const string Metrics =
        """{"error_percent_of_image":4.5,"nme_percent":null,"pck":{"0.05":0.5,"0.1":0.75}"""
        + ""","per_group":{"walking":3},"frames":10,"baselines":{"mean_pose":9}}""";

    private const string Metadata =
        """{"keypointml.checkpoint":"2","phase":"Training","step":"2","recipe":"name: p\npreset: cpu-64\n"""
        + """data: { manifest: m.yaml }","skeleton":"{\"name\":\"fly\",\"keypoints\":[\"head\",\"tail\"],\"edges\":[[0,1]]}"}""";

    private static readonly SafetensorsTensor[] Tensors =
    [
        new("weight", SafetensorsType.F32, [4, 2], PickleWriter.Bytes(1, 2, 3, 4, 5, 6, 7, 8)),
        new("bias", SafetensorsType.F32, [4], PickleWriter.Bytes(1, 2, 3, 4)),
        new("steps", SafetensorsType.I64, [], BitConverter.GetBytes(7L)),
    ];

    /// <summary>All of them.</summary>
    public static FuzzedReader[] All { get; } =
    [
        Text("recipe", ".yaml", path => Recipe.Load(path), Spoiling.YamlWords, Yaml) with { IsRefusal = HasPlaces },
        Text("experiment", ".yaml", ReadExperiment, Spoiling.YamlWords, Experiment) with { NightlyCases = 20_000 },
        Text("run-log", ".jsonl", path => TrainingLog.Read(path), Spoiling.JsonWords, Log),
        Text("run-log-resumed", ".jsonl", ResumeLog, Spoiling.JsonWords, Log),
        Text("results", ".jsonl", path => new ResultsLedger(path).Read(), Spoiling.JsonWords, Ledger()),
        Text("metrics", ".json", path => RunReport.ReadMetrics(path), Spoiling.JsonWords, Metrics),
        Text("loss-averages", ".json", ReadAverages, Spoiling.JsonWords, """{"Steps":3,"Sums":{"total":1.5,"adversarial":2}}"""),
        new("safetensors", ".safetensors", () => [File(Tensors, ImmutableSortedDictionary<string, string>.Empty)], path =>
            SafetensorsFile.Read(path)) { NightlyCases = 400_000 },
        new("safetensors-header", ".safetensors", () => [Encoding.UTF8.GetBytes(Header)], path => SafetensorsFile.Read(path))
            { Words = Spoiling.JsonWords, Wrap = WithLength, NightlyCases = 400_000 },
        new("checkpoint", ".safetensors", () => [Checkpoint(Metadata, checksums: true)], ReadCheckpoint) { NightlyCases = 100_000 },
        new("checkpoint-1", ".safetensors", () =>
            [Checkpoint(Metadata.Replace("\"2\",\"phase", "\"1\",\"phase", StringComparison.Ordinal), checksums: false)], ReadCheckpoint)
            { NightlyCases = 100_000 },
        new("checkpoint-forged", ".safetensors", () => [Encoding.UTF8.GetBytes(Metadata)], ReadCheckpoint)
            { Words = Spoiling.JsonWords, Wrap = Forged, NightlyCases = 100_000 },
        new("postprocessor", ".safetensors", () => [Postprocessor()], path => LinearPostprocessor.Load(path).Dispose())
            { NightlyCases = 50_000 },
        Weights("pytorch-zip", ".pth", pickle => pickle, () => [Zip(PyTorchStateDictTests.TwoTensors(legacy: false))]),
        Weights("pytorch-pickle", ".pth", Zip, () => [PyTorchStateDictTests.TwoTensors(legacy: false)]),
        Weights("pytorch-legacy", ".pth", file => file, () =>
            [PickleWriter.Legacy(PyTorchStateDictTests.TwoTensors(legacy: true), ("7", 7, new byte[28]), ("8", 3, new byte[6]))]),
        Weights("matconvnet", ".mat", file => file, () => [MatWriter.File(false, ("layers", Layers()))]),
    ];

    // A tensor each of 4, 8 and 2 bytes an element, and a text.
    private const string Header =
        """{"__metadata__":{"a":"b"},"w":{"dtype":"F32","shape":[1,2],"data_offsets":[8,16]}"""
        + ""","s":{"dtype":"I64","shape":[],"data_offsets":[0,8]},"h":{"dtype":"F16","shape":[2],"data_offsets":[16,20]}}""";

    private static FuzzedReader Text(string name, string extension, Action<string> read, string[] words, string sample) =>
        new(name, extension, () => [Encoding.UTF8.GetBytes(sample)], read) { Words = words };

    private static FuzzedReader Weights(string name, string extension, Func<byte[], byte[]> wrap, Func<byte[][]> samples) =>
        new(name, extension, samples, ReadWeights) { Wrap = wrap, NightlyCases = 150_000 };

    // Its checksums are those of the log that a case before left.
    private static void ResumeLog(string path)
    {
        System.IO.File.Delete(LogChecksums.PathOf(path));
        TrainingLog.Open(path, TrainingPhase.Training, 2).Dispose();
    }

    // Each of a recipe's problems has a place.
    private static bool HasPlaces(Exception error) =>
        error is RecipeException refusal && refusal.Problems.All(problem =>
            problem.Where.Contains("recipe.yaml:", StringComparison.Ordinal));

    private static void ReadExperiment(string path) => Named.Read(path, () =>
    {
        try
        {
            KeypointMl.Training.Experiments.Experiment.Load(path);
        }
        catch (FileNotFoundException error)
        {
            // Of a recipe: the message names the recipe.
            throw new InvalidDataException(error.Message, error);
        }
    });

    private static void ReadWeights(string path)
    {
        foreach (WeightArray array in WeightFile.Open(path).Values)
            array.Read();
    }

    private static void ReadAverages(string path) => Named.Read(path, () =>
    {
        using var averages = new LossAverages();
        averages.Restore(System.IO.File.ReadAllText(path));
    });

    private static void ReadCheckpoint(string path) => TrainingCheckpoint.Read(new CheckpointFile(path, TrainingPhase.Training, 2));

    private static string Ledger()
    {
        string path = Path.Combine(Path.GetTempPath(), $"keypointml-{Guid.NewGuid():N}.jsonl");
        try
        {
            new ResultsLedger(path).Append(LedgerEntries.Entry(1, 2.5) with { Key = "a" });
            return System.IO.File.ReadAllText(path);
        }
        finally
        {
            System.IO.File.Delete(path);
        }
    }

    private static byte[] File(IEnumerable<SafetensorsTensor> tensors, ImmutableSortedDictionary<string, string> metadata)
    {
        using var stream = new MemoryStream();
        new SafetensorsFile(tensors, metadata).Write(stream);
        return stream.ToArray();
    }

    private static byte[] WithLength(byte[] header) => [.. BitConverter.GetBytes((long)header.Length), .. header, .. new byte[20]];

    private static byte[] Checkpoint(string metadata, bool checksums)
    {
        var strings = System.Text.Json.JsonSerializer.Deserialize<Dictionary<string,
            string>>(metadata)!.ToImmutableSortedDictionary(StringComparer.Ordinal);
        return File(Tensors, checksums ? SafetensorsChecksums.AddTo(strings, Tensors) : strings);
    }

    // What a forger writes: strings of any kind, with the checksums of them.
    private static byte[] Forged(byte[] metadata)
    {
        try
        {
            return Checkpoint(Encoding.UTF8.GetString(metadata), checksums: true);
        }
        catch (Exception error) when (error is System.Text.Json.JsonException or ArgumentException or NullReferenceException)
        {
            return metadata;
        }
    }

    private static byte[] Postprocessor()
    {
        var kind = ImmutableSortedDictionary<string, string>.Empty.Add("keypointml.postprocessing", "1");
        return File([new("weight", SafetensorsType.F32, [4, 2], Tensors[0].Data), Tensors[1]], kind);
    }

    private static byte[] Zip(byte[] pickle) => PickleWriter.Zip(pickle, ("7", new byte[28]), ("8", new byte[6]));

    private static object[] Layers() =>
    [
        new Dictionary<string, object> { ["name"] = "conv1_1", ["type"] = "conv", ["weights"] = new object[]
            { (new[] { 3, 3, 1, 2 }, new float[18]), (new[] { 2, 1 }, new float[2]) } },
        new Dictionary<string, object> { ["name"] = "relu1_1", ["type"] = "relu", ["weights"] = Array.Empty<object>() },
        new Dictionary<string, object> { ["name"] = "old", ["filters"] = new float[,] { { 1, 2 } }, ["biases"] = new float[,] { { 1 } } },
    ];
}
