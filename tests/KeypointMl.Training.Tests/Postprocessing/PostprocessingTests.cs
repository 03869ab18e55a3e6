using System.Text.Json.Nodes;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Puppets;
using KeypointMl.Inference.Detection;
using KeypointMl.Training.Checkpoints.Safetensors;
using KeypointMl.Training.Evaluation;
using KeypointMl.Training.Export;
using KeypointMl.Training.Postprocessing;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;
using KeypointMl.Training.Running;
using KeypointMl.Training.Runs;

namespace KeypointMl.Training.Tests;

[TestClass]
public sealed class PostprocessingTests
{
    private static TemporaryFolder folder = null!;
    private static TrainingResult trained = null!;

    [ClassInitialize]
    public static void Train(TestContext _)
    {
        folder = new TemporaryFolder();
        using RunFolder run = RunFolder.Create(folder["run"], TinyRun.Recipe(steps: 4) with
        {
            Postprocessing = new PostprocessingRecipe { Enabled = true, Folds = 3 },
        });
        trained = TinyRun.Train(run);
    }

    [ClassCleanup]
    public static void Delete() => folder.Dispose();

    [TestMethod]
    public void Train_with_postprocessing_writes_it_and_what_it_reaches_beside_the_runs_own_metrics()
    {
        PostprocessingResult result = trained.Postprocessed!;
        Assert.AreEqual(48, result.Frames); // 6 videos of 8 frames
        Assert.HasCount(8, result.ValidationErrors);
        Assert.AreEqual(result.ValidationErrors.MinBy(error => error.ErrorPercent).Ridge, result.Ridge);
        // Four steps teach Φ next to nothing: predicting about the mean labelled pose is far better.
        Assert.IsTrue(result.Metrics!.ErrorPercentOfImage < trained.Metrics!.ErrorPercentOfImage,
            $"{result.Metrics.ErrorPercentOfImage} and {trained.Metrics.ErrorPercentOfImage}");
        Assert.AreEqual(trained.Metrics.ErrorPercentOfImage, Error("metrics.json"), 1e-3);
        Assert.AreEqual(result.Metrics.ErrorPercentOfImage, Error("metrics-postprocessed.json"), 1e-3);

        static double Error(string file) =>
            JsonNode.Parse(File.ReadAllText(Path.Combine(folder["run"], file)))!["error_percent_of_image"]!.GetValue<double>();
    }

    [TestMethod]
    public void ExportDetector_with_postprocessing_gives_the_same_keypoints_through_ONNX_Runtime()
    {
        using RunFolder run = RunFolder.Open(folder["run"]);
        using ModelExporter exporter = ModelExporter.Open(run);
        using IFrameSet frames = TinyRun.Puppets.OpenTrainingFrames();
        exporter.ExportDetector(folder["post.onnx"], new ExportFrames(frames, "test frames"), new DetectorExportOptions
        {
            Postprocess = true,
        });
        using LabelledFrames test = TinyRun.Puppets.OpenLabelled("test");

        double error = ExportedDetectorEvaluation.Measure(folder["post.onnx"], test, null).ErrorPercentOfImage;

        Assert.AreEqual(trained.Postprocessed!.Metrics!.ErrorPercentOfImage, error, 1e-3); // percent of 32 px: float32 in another runtime
        using KeypointDetector detector = KeypointDetector.Load(folder["post.onnx"]);
        JsonNode provenance = JsonNode.Parse(detector.Contract.Metadata.Provenance)!;
        Assert.AreEqual("train", provenance["postprocessing"]!["split"]!.GetValue<string>());
        Assert.AreEqual(error, provenance["measured"]!["error_percent_of_image"]!.GetValue<double>(), 2e-3);
    }

    [TestMethod]
    public void Run_afterwards_with_a_given_ridge_replaces_it_and_needs_no_validation()
    {
        using RunFolder run = Copy("copy");

        PostprocessingResult result = RunPostprocessing.Run(run, TinyRun.Puppets, new PostprocessingRecipe { Ridge = 0.5, Frames = 20 });

        Assert.AreEqual((0.5, 20), (result.Ridge, result.Frames));
        Assert.IsEmpty(result.ValidationErrors);
        Assert.AreEqual("0.5", LinearPostprocessor.ReadNotes(run.PostprocessingPath)["ridge"]);
    }

    [TestMethod]
    public void Run_on_the_test_frames_themselves_is_not_measured()
    {
        using RunFolder run = Copy("on-test");
        File.WriteAllText(run.PostprocessedMetricsPath, "{}");

        PostprocessingResult result =
            RunPostprocessing.Run(run, TinyRun.Puppets, new PostprocessingRecipe { Ridge = 0.5, Split = "test" });

        Assert.AreEqual(12, result.Frames);
        Assert.IsNull(result.Metrics);
        Assert.IsFalse(File.Exists(run.PostprocessedMetricsPath));
        Assert.Contains("measured on those frames", Assert.ThrowsExactly<RecipeException>(() => (TinyRun.Recipe() with
        {
            Method = TrainingMethod.Imm,
            Postprocessing = new PostprocessingRecipe { Enabled = true, Split = "test" },
        }).Validate()).Message);
    }

    [TestMethod]
    public void Run_on_a_split_of_test_frames_is_not_measured_whatever_it_is_called()
    {
        using RunFolder run = Copy("on-part");

        PostprocessingResult result =
            RunPostprocessing.Run(run, new PartOfTest(TinyRun.Puppets), new PostprocessingRecipe { Ridge = 0.5 });

        Assert.AreEqual((4, true), (result.Frames, result.SawTest));
        Assert.IsNull(result.Metrics);
    }

    [TestMethod]
    public void Train_landmarks_that_test_frames_would_name_is_refused_before_training()
    {
        Recipe recipe = TinyRun.Recipe(steps: 1) with
        {
            Method = TrainingMethod.Imm,
            Postprocessing = new PostprocessingRecipe { Enabled = true, Ridge = 0.5 },
        };
        using RunFolder run = RunFolder.Create(folder["named-by-test"], recipe);
        var trainer = new Trainer(run, new PartOfTest(TinyRun.Puppets), new SilentProgress());

        Assert.Contains("postprocessing.split", Assert.ThrowsExactly<InvalidDataException>(() => trainer.Train()).Message);
        Assert.IsEmpty(run.Checkpoints.List());
    }

    [TestMethod]
    public void Run_on_labels_of_another_data_set_is_measured_on_the_runs_own()
    {
        using RunFolder run = Copy("others");
        var others = new PuppetDataset(new PuppetOptions { Width = 32, Height = 32, Seed = 9, TestVideos = 2, TestFramesPerVideo = 5 });

        PostprocessingResult result = RunPostprocessing.Run(
            run, TinyRun.Puppets, new PostprocessingRecipe { Ridge = 0.5, Split = "test" }, labels: others);

        Assert.AreEqual((10, 12), (result.Frames, result.Metrics!.Frames));
    }

    [TestMethod]
    public void Resume_sets_aside_what_was_fitted_before_the_training_went_on()
    {
        Recipe recipe = TinyRun.Recipe(steps: 4);
        using (RunFolder stopped = RunFolder.Create(folder["stopped"], recipe))
        using (var stop = new TinyRun.StopAfter(TrainingPhase.Training, 2))
        {
            new Trainer(stopped, TinyRun.Puppets, stop).Train(stop.Token);
            Assert.AreEqual(2, stopped.StepsLeft);
            RunPostprocessing.Run(stopped, TinyRun.Puppets, new PostprocessingRecipe { Ridge = 0.5 });
            LinearPostprocessor.Of(stopped, TinyRun.Puppets.Skeleton).Dispose();
        }
        using RunFolder run = RunFolder.Resume(folder["stopped"], recipe);
        byte[] early = File.ReadAllBytes(run.PostprocessingPath);
        TinyRun.Train(run);

        Assert.AreEqual(0, run.StepsLeft);
        Assert.IsFalse(File.Exists(run.PostprocessingPath));
        CollectionAssert.AreEqual(early, File.ReadAllBytes(run.PostprocessingPath + ".aside"));
        File.WriteAllBytes(run.PostprocessingPath, early);
        Assert.Contains("step 2",
            Assert.ThrowsExactly<InvalidDataException>(() => LinearPostprocessor.Of(run, TinyRun.Puppets.Skeleton)).Message);
    }

    [TestMethod]
    public void Export_run_without_it_or_with_a_damaged_one_says_how_to_fit_it()
    {
        using RunFolder run = RunFolder.Create(folder["bare"], TinyRun.Recipe());
        Assert.Contains("keypointml postprocess",
            Assert.ThrowsExactly<FileNotFoundException>(() => LinearPostprocessor.Of(run, TinyRun.Puppets.Skeleton)).Message);
        using (var stream = File.Create(run.PostprocessingPath))
            new SafetensorsFile([]).Write(stream);
        Assert.Contains("Fit it again",
            Assert.ThrowsExactly<InvalidDataException>(() => LinearPostprocessor.Of(run, TinyRun.Puppets.Skeleton)).Message);
    }

    private static RunFolder Copy(string name)
    {
        string copy = folder[name];
        Directory.CreateDirectory(Path.Combine(copy, "checkpoints"));
        File.Copy(Path.Combine(folder["run"], "recipe.yaml"), Path.Combine(copy, "recipe.yaml"));
        foreach (string checkpoint in Directory.GetFiles(Path.Combine(folder["run"], "checkpoints")))
            File.Copy(checkpoint, Path.Combine(copy, "checkpoints", Path.GetFileName(checkpoint)));
        return RunFolder.Open(copy);
    }

    [TestMethod]
    public void Train_with_a_split_that_has_no_labels_is_refused_before_training()
    {
        Recipe recipe = TinyRun.Recipe() with { Postprocessing = new PostprocessingRecipe { Enabled = true, Split = "validation" } };
        using RunFolder run = RunFolder.Create(folder["refused"], recipe);
        Assert.Contains("split 'validation'", Assert.ThrowsExactly<InvalidDataException>(() => TinyRun.Train(run)).Message);
        Assert.IsEmpty(run.Checkpoints.List());
    }
}
