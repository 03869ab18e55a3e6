using System.Text.Json.Nodes;
using KeypointMl.Data.Frames;
using KeypointMl.Inference.Detection;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.TorchSharp.Exporting;
using KeypointMl.Poses.Metrics;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Training.Batches;
using KeypointMl.Training.Calibration;
using KeypointMl.Training.Evaluation;
using KeypointMl.Training.Export;
using KeypointMl.Training.Methods;
using KeypointMl.Training.Models;
using KeypointMl.Training.Recipes.Sections;
using KeypointMl.Training.Running;
using KeypointMl.Training.Runs;
using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;

namespace KeypointMl.Training.Tests;

[TestClass]
public sealed class ConfidenceCalibrationTests
{
    private static TemporaryFolder folder = null!;

    [ClassInitialize]
    public static void Train(TestContext _)
    {
        folder = new TemporaryFolder();
        using RunFolder run = RunFolder.Create(folder["run"], TinyRun.Recipe(steps: 2, pretraining: 2));
        TinyRun.Train(run);
    }

    [ClassCleanup]
    public static void Delete() => folder.Dispose();

    [TestMethod]
    public void Views_without_an_augmentation_are_small_ones_not_the_same_again()
    {
        using var scope = NewDisposeScope();
        using RunFolder run = RunFolder.Open(folder["run"]);
        using ITrainedModel model = TrainedModels.Open(run).Model;
        Tensor images = rand(4, 3, 32, 32) * 2 - 1;

        float[] Looks(AugmentationRecipe augmentation)
        {
            using var looks = new Disagreement(model, run.Recipe with { Augmentation = augmentation });
            return [.. looks.Of(images, 0).Percent.contiguous().data<float>()];
        }

        float[] none = Looks(new AugmentationRecipe()), small = Looks(new() { RotationDegrees = 5, Shift = 0.05, Scale = 0.05 });

        CollectionAssert.AreEqual(small, none);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void The_calibrator_in_ONNX_Runtime_gives_what_TorchSharp_gives_also_at_the_ends(bool half)
    {
        using var scope = NewDisposeScope();
        using var calibrator = new ConfidenceCalibrator(
            [new ConfidenceCurve(-2, -3), new ConfidenceCurve(1, -0.5), new ConfidenceCurve(0.3, 0)]);
        float[] confidences = [0, 1e-6f, 0.001f, 0.01f, 0.1f, 0.5f, 0.9f, 0.99f, 0.999f, 0.9999999f, 1];
        Tensor input = tensor(confidences).unsqueeze(1).expand(-1, 3).contiguous();
        OnnxModel model = OnnxExporter.Export(calibrator, input, new OnnxExportOptions
        {
            InputNames = ["confidence"],
            OutputNames = ["probability"],
        });
        if (half)
            model = PrecisionLowering.ToFloat16(model);

        using var session = new InferenceSession(model.ToArray());
        using OrtValue value = OrtValue.CreateTensorValueFromMemory([.. input.data<float>()], [confidences.Length, 3]);
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(options, ["confidence"], [value], ["probability"]);
        float[] actual = outputs[0].GetTensorDataAsSpan<float>().ToArray();
        float[] expected = [.. calibrator.call(input).contiguous().data<float>()];

        for (int i = 0; i < expected.Length; i++)
        {
            // Half floats tell 0.999 from 1 by one step, which the steepest curve turns into some percent.
            Assert.AreEqual(expected[i], actual[i], half ? 0.06f : 1e-5f, $"confidence {confidences[i / 3]}, curve {i % 3}");
            Assert.IsTrue(actual[i] is >= 0 and <= 1);
        }
        for (int k = 0; k < 2; k++)
        {
            float[] curve = [.. Enumerable.Range(0, confidences.Length).Select(i => expected[3 * i + k])];
            CollectionAssert.AreEqual(curve.Order().ToArray(), curve, "a surer detector is more probably right");
        }
    }

    [TestMethod]
    public void WithLabels_the_mean_probability_is_the_share_that_is_right()
    {
        using RunFolder run = RunFolder.Open(folder["run"]);
        ConfidenceCalibration calibration = ConfidenceCalibrating.WithLabels(run, TinyRun.Puppets, "test");

        Assert.AreEqual(("labels", "test frames of puppets", 12), (calibration.Source, calibration.From, calibration.Frames));
        using LabelledFrames test = TinyRun.Puppets.OpenLabelled("test");
        (ITrainedModel model, Skeleton skeleton, _) = TrainedModels.Open(run);
        using (model)
        using (ConfidenceCalibrator calibrator = calibration.Calibrator(skeleton))
        using (var calibrated = new CalibratedDetector(model.Detector, calibrator))
        {
            ConfidenceQuality quality = DetectorEvaluation.Evaluate(calibrated, test, null, null).Confidence!;
            double mean = quality.Reliability.Sum(bin => bin.Keypoints * bin.Confidence) / quality.Reliability.Sum(bin => bin.Keypoints);
            double right = quality.Reliability.Sum(bin => bin.Keypoints * bin.Right) / quality.Reliability.Sum(bin => bin.Keypoints);
            // Platt's targets are (n + 1)/(n + 2) and 1/(m + 2) of 12 frames: a keypoint that is never right is held for right once in 14.
            Assert.AreEqual(right, mean, 1 / 14.0);
        }
    }

    [TestMethod]
    public void A_calibration_is_saved_read_applied_by_the_export_and_named_in_its_provenance()
    {
        using RunFolder run = Copy("saved");
        string plain = folder["plain.onnx"], calibrated = folder["calibrated.onnx"];
        Export(run, plain);
        ConfidenceCalibration calibration = ConfidenceCalibrating.WithoutLabels(run, TinyRun.Puppets);
        Assert.AreEqual(("unlabelled", "training frames of puppets", 48), (calibration.Source, calibration.From, calibration.Frames));
        calibration.Save(run);

        ConfidenceCalibration read = ConfidenceCalibration.Of(run, TinyRun.Puppets.Skeleton)!;
        Export(run, calibrated);

        CollectionAssert.AreEqual(calibration.Curves.ToArray(), read.Curves.ToArray());
        (float[] keypoints, float[] confidences) = Detect(plain);
        (float[] same, float[] probabilities) = Detect(calibrated);
        CollectionAssert.AreEqual(keypoints, same);
        for (int i = 0; i < probabilities.Length; i++)
        {
            ConfidenceCurve curve = read.Curves[TinyRun.Puppets.Skeleton.Keypoints[i % TinyRun.Puppets.Skeleton.Count]];
            double expected = 1 / (1 + Math.Exp(-(curve.Intercept + curve.Slope * ConfidenceCalibrator.Spread(confidences[i]))));
            Assert.AreEqual(expected, probabilities[i], 1e-4);
        }
        using KeypointDetector detector = KeypointDetector.Load(calibrated);
        JsonNode notes = JsonNode.Parse(detector.Contract.Metadata.Provenance)!["confidence"]!;
        Assert.AreEqual("unlabelled", notes["source"]!.GetValue<string>());
        Assert.AreEqual(5.0, notes["within_percent"]!.GetValue<double>());
    }

    [TestMethod]
    public void MeasureAgain_replaces_the_metrics_and_leaves_the_error_as_it_was()
    {
        using RunFolder run = Copy("measured");
        JsonNode before = JsonNode.Parse(File.ReadAllText(run.MetricsPath))!;
        ConfidenceCalibrating.WithLabels(run, TinyRun.Puppets, "train").Save(run);

        ConfidenceCalibrating.MeasureAgain(run, TinyRun.Puppets);

        JsonNode after = JsonNode.Parse(File.ReadAllText(run.MetricsPath))!;
        Assert.AreEqual(before["error_percent_of_image"]!.GetValue<double>(), after["error_percent_of_image"]!.GetValue<double>());
        Assert.AreNotEqual(before["confidence"]!["reliability"]!.ToJsonString(), after["confidence"]!["reliability"]!.ToJsonString());
    }

    [TestMethod]
    [DataRow("{}")]
    [DataRow("null")]
    [DataRow("""{"source":"labels","from":"x","frames":1,"curves":{"nose":{"intercept":0,"slope":-1}}}""")]
    [DataRow("""{"source":"labels","from":"x","frames":1,"curves":3}""")]
    public void A_file_that_is_no_calibration_of_the_run_is_refused_with_the_command_that_makes_one(string text)
    {
        using RunFolder run = Copy($"damaged-{text.Length}");
        File.WriteAllText(run.ConfidencePath, text);

        string message = Assert.ThrowsExactly<InvalidDataException>(() => ConfidenceCalibration.Of(run, TinyRun.Puppets.Skeleton)).Message;

        Assert.Contains("confidence.json", message);
        Assert.Contains("keypointml calibrate --run", message);
    }

    [TestMethod]
    public void WithLabels_refuses_a_split_without_labels()
    {
        using RunFolder run = RunFolder.Open(folder["run"]);

        Assert.Contains("'dev'",
            Assert.ThrowsExactly<InvalidDataException>(() => ConfidenceCalibrating.WithLabels(run, TinyRun.Puppets, "dev")).Message);
    }

    private static RunFolder Copy(string name)
    {
        foreach (string file in Directory.EnumerateFiles(folder["run"], "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(folder[name], Path.GetRelativePath(folder["run"], file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        return RunFolder.Open(folder[name]);
    }

    private static void Export(RunFolder run, string path)
    {
        using ModelExporter exporter = ModelExporter.Open(run);
        using IFrameSet frames = TinyRun.Puppets.OpenTrainingFrames();
        exporter.ExportDetector(path, new ExportFrames(frames, "test frames"));
    }

    private static (float[] Keypoints, float[] Confidences) Detect(string path)
    {
        using KeypointDetector detector = KeypointDetector.Load(path);
        using LabelledFrames test = TinyRun.Puppets.OpenLabelled("test");
        int count = test.Frames.Count;
        var keypoints = new float[count * detector.Skeleton.Count * 2];
        var confidences = new float[count * detector.Skeleton.Count];
        detector.Detect(FrameBlocks.Read(test.Frames, [.. Enumerable.Range(0, count)]), keypoints, confidences);
        return (keypoints, confidences);
    }
}
