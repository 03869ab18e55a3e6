using System.Text.Json.Nodes;
using KeypointMl.Data.Frames;
using KeypointMl.Inference.Detection;
using KeypointMl.Inference.Generation;
using KeypointMl.Training.Batches;
using KeypointMl.Training.Evaluation;
using KeypointMl.Training.Export;
using KeypointMl.Training.Recipes.Sections;
using KeypointMl.Training.Runs;

namespace KeypointMl.Training.Tests;

[TestClass]
public sealed class ModelExporterTests
{
    private static string folder = "";

    [ClassInitialize]
    public static void Train(TestContext _)
    {
        folder = Directory.CreateTempSubdirectory("keypointml-").FullName;
        using RunFolder run = RunFolder.Create(Path.Combine(folder, "run"), TinyRun.Recipe(steps: 12));
        TinyRun.Train(run);
        using ModelExporter exporter = ModelExporter.Open(run);
        using IFrameSet frames = TinyRun.Puppets.OpenTrainingFrames();
        exporter.ExportDetector(Path.Combine(folder, "detector.onnx"), new ExportFrames(frames, "test frames"));
        exporter.ExportGenerator(Path.Combine(folder, "generator.onnx"), new ExportFrames(frames, "test frames"));
    }

    [ClassCleanup]
    public static void Delete() => Directory.Delete(folder, recursive: true);

    [TestMethod]
    public void ExportDetector_writes_a_graph_of_the_contract_with_its_provenance()
    {
        using KeypointDetector detector = KeypointDetector.Load(Path.Combine(folder, "detector.onnx"));
        Assert.AreEqual((32, 32, 15), (detector.Width, detector.Height, detector.KeypointCount));
        Assert.AreEqual(TinyRun.Puppets.Skeleton, detector.Skeleton);
        JsonNode provenance = JsonNode.Parse(detector.Contract.Metadata.Provenance)!;
        Assert.AreEqual(12, provenance["steps"]!.GetValue<int>());
        Assert.AreEqual(64, provenance["recipe_sha256"]!.GetValue<string>().Length);
        Assert.IsTrue(provenance["export_check"]!["largest_difference"]!.GetValue<double>() <= ModelExporter.KeypointTolerance);
        Assert.IsTrue(provenance["measured"]!["error_percent_of_image"]!.GetValue<double>() > 0);
    }

    [TestMethod]
    public void ExportGenerator_writes_a_graph_of_the_contract_that_takes_any_batch()
    {
        using ImageGenerator generator = ImageGenerator.Load(Path.Combine(folder, "generator.onnx"));
        Assert.AreEqual((32, 32, 15), (generator.Width, generator.Height, generator.KeypointCount));
        using IFrameSet frames = TinyRun.Puppets.OpenTrainingFrames();
        byte[] appearance = FrameBlocks.Read(frames, [0, 9, 17]);
        float[] keypoints = [.. Enumerable.Range(0, 3 * 15 * 2).Select(i => 4f + i % 24)];
        var together = new byte[appearance.Length];
        generator.Generate(keypoints, appearance, together);
        var alone = new byte[appearance.Length / 3];
        generator.Generate(keypoints.AsSpan(30, 30), appearance.AsSpan(alone.Length, alone.Length), alone);
        for (int i = 0; i < alone.Length; i++)
            Assert.AreEqual(together[alone.Length + i], alone[i], 1, $"value {i}"); // one grey level: rounding
    }

    [TestMethod]
    public void ExportDetector_in_8_bits_without_typical_frames_is_refused()
    {
        using RunFolder run = RunFolder.Open(Path.Combine(folder, "run"));
        using ModelExporter exporter = ModelExporter.Open(run);
        using IFrameSet frames = TinyRun.Puppets.OpenTrainingFrames();
        var strangers = new ExportFrames(frames, "synthetic puppets") { AreTypical = false };
        string path = Path.Combine(folder, "int8.onnx");
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => exporter.ExportDetector(path, strangers, new()
        {
            Precision = ExportPrecision.Int8,
        })).Message, "--data-root");
        Assert.IsFalse(File.Exists(path));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => exporter.ExportGenerator(path, strangers, ExportPrecision.Int8));
    }

    [TestMethod]
    public void ExportDetector_of_a_hourglass_in_16_bits_is_written()
    {
        using RunFolder run = RunFolder.Create(Path.Combine(folder, "hourglass"), TinyRun.Recipe(steps: 4) with
        {
            Method = TrainingMethod.Supervised,
            Supervised = new SupervisedRecipe { Detector = SupervisedDetector.Hourglass, Features = 6, Stacks = 3, Depth = 3 },
        });
        TinyRun.Train(run);
        using ModelExporter exporter = ModelExporter.Open(run);
        using IFrameSet frames = TinyRun.Puppets.OpenTrainingFrames();

        exporter.ExportDetector(Path.Combine(folder, "hourglass.onnx"), new ExportFrames(frames, "test frames"), new()
        {
            Precision = ExportPrecision.Float16,
        });

        Assert.IsTrue(File.Exists(Path.Combine(folder, "hourglass.onnx")));
    }

    [TestMethod]
    public void Measure_through_ML_NET_equals_the_trainers_own_measurement()
    {
        using LabelledFrames test = TinyRun.Puppets.OpenLabelled("test");
        double expected = JsonNode.Parse(
            File.ReadAllText(Path.Combine(folder, "run", "metrics.json")))!["error_percent_of_image"]!.GetValue<double>();
        double actual = ExportedDetectorEvaluation.Measure(
            Path.Combine(folder, "detector.onnx"), test, TinyRun.Puppets.OpenPrior()).ErrorPercentOfImage;
        Assert.AreEqual(expected, actual, 1e-3); // percent of 32 px: float32 rounding in another runtime
    }

    [TestMethod]
    public void Open_run_without_a_training_checkpoint_says_what_to_do()
    {
        using RunFolder run = RunFolder.Create(Path.Combine(folder, "empty"), TinyRun.Recipe());
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => ModelExporter.Open(run)).Message, "--resume");
    }

    [TestMethod]
    public void ExportGenerator_supervised_run_is_refused()
    {
        using RunFolder run = RunFolder.Create(Path.Combine(folder, "supervised"), TinyRun.Recipe(steps: 1) with
        {
            Method = TrainingMethod.Supervised,
        });
        TinyRun.Train(run);
        using ModelExporter exporter = ModelExporter.Open(run);
        using IFrameSet frames = TinyRun.Puppets.OpenTrainingFrames();
        Assert.ThrowsExactly<InvalidOperationException>(
            () => exporter.ExportGenerator(Path.Combine(folder, "none.onnx"), new ExportFrames(frames, "test frames")));
        Assert.IsFalse(File.Exists(Path.Combine(folder, "none.onnx")));
    }
}
