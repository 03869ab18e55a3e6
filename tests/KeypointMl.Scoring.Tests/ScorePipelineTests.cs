using KeypointMl.Imaging.Subjects;
using KeypointMl.Inference.Devices;
using KeypointMl.Poses.Geometry;
using KeypointMl.Scoring.Inputs;
using KeypointMl.Scoring.Pipelines;
using KeypointMl.Scoring.Steps;

namespace KeypointMl.Scoring.Tests;

[TestClass]
public sealed class ScorePipelineTests
{
    private const string Needed = "model: m.onnx\ninput: frames\noutput: p.parquet\n";

    [TestMethod]
    public void Pipeline_with_every_key_is_read()
    {
        ScorePipeline pipeline =
            Load(Needed + "boxes: b.csv\noverlays: o\nstep: 5\nbatch: 32\nthreads: 2\ndevice: cuda:1\nhardware_decoding: vaapi\n");

        Assert.AreEqual(("m.onnx", "b.csv", "o", 32, 2, KeypointDevice.Cuda(1), "vaapi"),
            (pipeline.Model, pipeline.Boxes, pipeline.Overlays, pipeline.Batch, pipeline.Threads, pipeline.Device,
                pipeline.VideoDecoding.Hardware));
        Assert.AreEqual(new ScoreSource("frames") { Step = 5 }, pipeline.Inputs.Single());
        Assert.AreEqual("p.parquet", pipeline.Outputs.Single());
        Assert.IsEmpty(pipeline.Steps);
    }

    [TestMethod]
    public void Several_inputs_outputs_and_steps_are_read_in_their_order()
    {
        ScorePipeline pipeline = Load("""
            model: m.onnx
            step: 2
            inputs:
              - frames
              - path: videos/*.mp4
                prefix: cam1
                first: 10
                last: 99
                step: 5
              - path: files.parquet
                column: file
            outputs: [p.parquet, p.json]
            steps:
              - median: 5
              - one_euro: { rate: 25, min_cutoff: 0.5, beta: 0.01, derivative_cutoff: 2 }
              - threshold: 0.25
              - normalize: { origin: keypoints, origin_keypoints: [hip], unit: length, length_from: [hip], length_to: [neck, head], upright_from: hip, upright_to: neck }

            """);

        CollectionAssert.AreEqual(
            new[]
            {
                new ScoreSource("frames") { Step = 2 },
                new ScoreSource("videos/*.mp4") { Prefix = "cam1", First = 10, Last = 99, Step = 5 },
                new ScoreSource("files.parquet") { Column = "file", Step = 2 },
            },
            pipeline.Inputs.ToArray());
        CollectionAssert.AreEqual(new[] { "p.parquet", "p.json" }, pipeline.Outputs.ToArray());
        var normalization = new PoseNormalization
        {
            Origin = PoseOrigin.Keypoints,
            OriginKeypoints = ["hip"],
            Unit = PoseUnit.Length,
            LengthFrom = ["hip"],
            LengthTo = ["neck", "head"],
            UprightFrom = "hip",
            UprightTo = "neck",
        };
        CollectionAssert.AreEqual(
            new ScoreStep[] { new MedianSmoothing(5), new OneEuroSmoothing(25, 0.5, 0.01, 2), new ConfidenceThreshold(0.25f),
                new NormalizedPoses(normalization) },
            pipeline.Steps.ToArray());
    }

    [TestMethod]
    public void Search_for_subjects_and_flips_are_read()
    {
        ScorePipeline pipeline = Load(Needed
            + "find: { count: 2, size: 96.5, max_gap: 7 }\nsteps:\n  - resolve_flips: { prior: 0.01, max_gap: 5 }\n"
            + "  - one_euro: { rate: 25, max_gap: 4 }\n");

        Assert.AreEqual(new SubjectFinderOptions { Count = 2, Size = 96.5f, MaxGap = 7 }, pipeline.Find);
        CollectionAssert.AreEqual(
            new ScoreStep[] { new ResolvedFlips(0.01, 5), new OneEuroSmoothing(25) { MaxGap = 4 } }, pipeline.Steps.ToArray());
        Assert.AreEqual(new SubjectFinderOptions(), Load(Needed + "find: {}\n").Find);
        Assert.IsNull(Load(Needed).Find);
    }

    [TestMethod]
    public void Committed_example_is_a_pipeline()
    {
        var pipeline = ScorePipeline.Load(Path.Combine(RepositoryFiles.Root, "pipelines", "score", "example.yaml"));

        Assert.AreEqual("predictions/flies.parquet", pipeline.Outputs.Single());
        Assert.AreEqual(16, pipeline.Batch);
    }

    [TestMethod]
    public void Every_committed_pipeline_is_one()
    {
        string[] files = Directory.GetFiles(Path.Combine(RepositoryFiles.Root, "pipelines", "score"), "*.yaml");

        Assert.IsGreaterThanOrEqualTo(2, files.Length);
        foreach (string file in files)
            ScorePipeline.Load(file);
    }

    [TestMethod]
    [DataRow(Needed + "btach: 3\n", 4, "unknown key 'btach'")]
    [DataRow(Needed + "batch: 0\n", 4, "expected a whole number from 1 to 1024")]
    [DataRow(Needed + "\nthreads: many\n", 5, "expected a whole number")]
    [DataRow(Needed + "threads: 2147483647\n", 4, "expected a whole number from 0 to 1024")]
    [DataRow(Needed + "device: gpu\n", 4, "expected auto, cpu or cuda:ID")]
    [DataRow("model: m.onnx\ninput: frames\n", 1, "lacks the key 'output'")]
    [DataRow(Needed + "inputs: [a]\n", 2, "'inputs' is given too")]
    [DataRow("model: m.onnx\ninput: frames\noutputs: []\n", 3, "expected at least one")]
    [DataRow("model: m.onnx\ninput: frames\noutputs: [a.csv, a.csv]\n", 3, "expected each output once")]
    [DataRow("model: m.onnx\noutput: a.csv\ninputs:\n  - path: v.mp4\n    last: 3\n    first: 4\n", 5,
        "expected a whole number of at least 4")]
    [DataRow("model: m.onnx\noutput: a.csv\ninputs:\n  - path: v.mp4\n    lsat: 3\n", 5, "unknown key 'lsat'")]
    [DataRow(Needed + "steps:\n  - median: 4\n", 5, "expected an odd number of frames")]
    [DataRow(Needed + "steps:\n  - sharpen: 4\n", 5,
        "expected a mapping of one key, which is one of resolve_flips, median, one_euro, threshold, normalize")]
    [DataRow(Needed + "steps:\n  - one_euro: { beta: 1 }\n", 5, "lacks the key 'rate'")]
    [DataRow(Needed + "steps:\n  - threshold: 1.5\n", 5, "expected a number from 0 to 1")]
    [DataRow(Needed + "steps:\n  - resolve_flips: { prior: 0 }\n", 5, "expected a number of at least")]
    [DataRow(Needed + "find: { cuont: 2 }\n", 4, "unknown key 'cuont' in 'find'")]
    [DataRow(Needed + "find: { count: 0 }\n", 4, "expected a whole number from 1 to 100")]
    [DataRow(Needed + "find: true\n", 4, "expected a mapping")]
    [DataRow(Needed + "boxes: b.csv\nfind: {}\n", 5, "'boxes' is given too; give one of the two")]
    [DataRow(Needed + "steps:\n  - normalize: { unit: metre }\n", 5, "expected one of root_mean_square, box, length, unchanged")]
    public void Wrong_pipeline_is_refused_by_file_and_line(string yaml, int line, string complaint)
    {
        var error = Assert.ThrowsExactly<InvalidDataException>(() => Load(yaml));

        Assert.Contains($"pipeline.yaml:{line}:", error.Message);
        Assert.Contains(complaint, error.Message);
    }

    [TestMethod]
    public void All_mistakes_of_a_pipeline_are_listed()
    {
        const string Yaml = """
            modle: m.onnx
            inputs: [frames, { path: v.mp4, last: x }]
            output: a.csv
            batch: 0
            steps:
              - treshold: 0.5
              - normalize: { unit: bxo, origin: 3 }
            """;

        string message = Assert.ThrowsExactly<InvalidDataException>(() => Load(Yaml)).Message;

        string[] lines = [.. message.Split('\n').Skip(1).Select(line => line[(line.IndexOf("pipeline.yaml", StringComparison.Ordinal) + 13)..])];
        Assert.Contains("pipeline.yaml has 7 problems:\n", message);
        CollectionAssert.AreEqual(
            new[]
            {
                ":1:1: lacks the key 'model'.",
                ":1:1: unknown key 'modle'; the keys are step, model, inputs, input, outputs, output, boxes, find, steps, overlays, "
                    + "overlay_videos, batch, threads, device, hardware_decoding. Did you mean 'model'?",
                ":2:39: 'inputs[1].last' is 'x'; expected a whole number of at least 0.",
                ":4:8: 'batch' is '0'; expected a whole number from 1 to 1024.",
                ":6:5: 'steps[0]' is a mapping; expected a mapping of one key, which is one of resolve_flips, median, one_euro, "
                    + "threshold, normalize. Did you mean 'threshold'?",
                ":7:24: 'steps[1].normalize.unit' is 'bxo'; expected one of root_mean_square, box, length, unchanged. Did you mean 'box'?",
                ":7:37: 'steps[1].normalize.origin' is '3'; expected one of mean, box, keypoints, unchanged.",
            },
            lines);
    }

    private static ScorePipeline Load(string yaml)
    {
        using var folder = new TemporaryFolder();
        return ScorePipeline.Load(folder.Write("pipeline.yaml", yaml));
    }
}
