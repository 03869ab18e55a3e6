using KeypointMl.Data.Frames;
using KeypointMl.Inference.Detection;
using KeypointMl.Training.Checkpoints.Safetensors;
using KeypointMl.Training.Evaluation;
using KeypointMl.Training.Export;
using KeypointMl.Training.Methods;
using KeypointMl.Training.Networks;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;
using KeypointMl.Training.Running;
using KeypointMl.Training.Runs;
using static TorchSharp.torch;

namespace KeypointMl.Training.Tests;

/// <summary>The baselines of tables 1 to 3 that are methods: the stacked hourglass, and imm with its post-processing.</summary>
[TestClass]
public sealed class BaselineTests
{
    private static TemporaryFolder folder = null!;

    [ClassInitialize]
    public static void CreateFolder(TestContext _) => folder = new TemporaryFolder();

    [ClassCleanup]
    public static void DeleteFolder() => folder.Dispose();

    [TestMethod]
    public void HeatmapPeaks_finds_the_highest_cell_and_leans_to_the_higher_neighbour()
    {
        const int height = 4, width = 6;
        using var peaks = new HeatmapPeaks();
        using Tensor maps = zeros(1, 3, height, width);
        Set(0, 1, 2, 0.9f);   // row 1, column 2: right of it 0.5, below it 0.3
        Set(0, 1, 3, 0.5f);
        Set(0, 2, 2, 0.3f);
        Set(1, 0, 5, 2f);     // a corner: no neighbour on two sides
        Set(2, 2, 3, 0.4f);   // alone
        (Tensor points, Tensor confidence) = peaks.call(maps);

        AssertPoint(0, 2.25, 1.25);
        AssertPoint(1, 5, 0);
        AssertPoint(2, 3, 2);
        CollectionAssert.AreEqual(new[] { 0.9f, 1f, 0.4f }, confidence.contiguous().data<float>().ToArray());

        void Set(int k, int row, int column, float value) => maps[0, k, row, column] = tensor(value);

        // The centre of a cell of 4 px is at (cell + ½)·4 − ½ px of the image, and ±1 are the centres of its first and last pixel.
        void AssertPoint(int k, double column, double row)
        {
            Assert.AreEqual(2 * ((column + 0.5) * 4 - 0.5) / (4 * width - 1) - 1, points[0, k, 0].item<float>(), 1e-6, $"point {k}, x");
            Assert.AreEqual(2 * ((row + 0.5) * 4 - 0.5) / (4 * height - 1) - 1, points[0, k, 1].item<float>(), 1e-6, $"point {k}, y");
        }
    }

    [TestMethod]
    public void HourglassTraining_loss_equals_squared_differences_to_Gaussians_of_one_cell()
    {
        const int cells = 8, keypoints = 3;
        random.manual_seed(2);
        Tensor[] stacks = [randn(2, keypoints, cells, cells), randn(2, keypoints, cells, cells)];
        using Tensor target = rand(2, keypoints, 2) * 2 - 1;
        using Tensor labelled = ones(2, keypoints, 1);
        labelled[1, 2, 0] = tensor(0f);

        double expected = 0;
        foreach (Tensor stack in stacks)
        {
            double sum = 0;
            for (int n = 0; n < 2; n++)
            {
                for (int k = 0; k < keypoints; k++)
                {
                    if (n == 1 && k == 2)
                        continue;
                    (double x, double y) = (Cell(target[n, k, 0].item<float>()), Cell(target[n, k, 1].item<float>()));
                    for (int row = 0; row < cells; row++)
                    {
                        for (int column = 0; column < cells; column++)
                        {
                            sum += Math.Pow(stack[n, k, row, column].item<float>()
                                - Math.Exp(-(Math.Pow(column - x, 2) + Math.Pow(row - y, 2)) / 2), 2);
                        }
                    }
                }
            }
            expected += sum / (5 * cells * cells);
        }

        Assert.AreEqual(expected, HourglassTraining.Loss(stacks, target, labelled).item<float>(), 1e-5 * expected);

        static double Cell(double normalized) => ((normalized + 1) / 2 * (4 * cells - 1) + 0.5) / 4 - 0.5;
    }

    [TestMethod]
    public void Train_hourglass_learns_heat_maps_and_exports_its_peaks()
    {
        Recipe recipe = TinyRun.Recipe(steps: 60, pretraining: 0) with
        {
            Method = TrainingMethod.Supervised,
            Supervised = new SupervisedRecipe { Detector = SupervisedDetector.Hourglass, Features = 16, Stacks = 2, Depth = 2 },
        };
        recipe.Validate();
        using RunFolder run = RunFolder.Create(folder["hourglass"], recipe);
        TrainingResult result = TinyRun.Train(run);
        IReadOnlyList<TrainingLogEntry> log = TrainingLog.Read(run.LogPath);
        Assert.IsTrue(log[^1].Losses["heat_maps"] < 0.7 * log[0].Losses["heat_maps"],
            $"{log[0].Losses["heat_maps"]} → {log[^1].Losses["heat_maps"]}");
        Assert.IsTrue(File.Exists(run.SamplePath(60)));

        using ModelExporter exporter = ModelExporter.Open(run);
        using IFrameSet frames = TinyRun.Puppets.OpenTrainingFrames();
        exporter.ExportDetector(folder["hourglass.onnx"], new ExportFrames(frames, "test frames"));
        Assert.ThrowsExactly<InvalidOperationException>(
            () => exporter.ExportGenerator(folder["none.onnx"], new ExportFrames(frames, "test frames")));
        using LabelledFrames test = TinyRun.Puppets.OpenLabelled("test");
        double measured = ExportedDetectorEvaluation.Measure(folder["hourglass.onnx"], test, null).ErrorPercentOfImage;
        // A heat map whose two highest cells are equal to float32's rounding may peak at either: a tenth of a percent
        // of the image in the mean.
        Assert.AreEqual(result.Metrics!.ErrorPercentOfImage, measured, 0.1);
    }

    [TestMethod]
    public void LandmarkGenerator_draws_Gaussians_about_the_landmarks()
    {
        const int height = 5, width = 7;
        using var generator = new LandmarkGenerator(2, 2, standardDeviation: 0.3);
        using Tensor landmarks = tensor(new[] { 0.2f, -0.4f, -0.9f, 0.7f }, [1, 2, 2]);
        float[] actual = [.. generator.Draw(landmarks, height, width).contiguous().data<float>()];
        for (int i = 0; i < actual.Length; i++)
        {
            (int l, int row, int column) = (i / (height * width), i / width % height, i % width);
            double squared = Math.Pow(-1 + 2.0 * column / (width - 1) - landmarks[0, l, 0].item<float>(), 2)
                + Math.Pow(-1 + 2.0 * row / (height - 1) - landmarks[0, l, 1].item<float>(), 2);
            Assert.AreEqual(Math.Exp(-squared / 0.09), actual[i], 1e-6, $"value {i}");
        }
    }

    [TestMethod]
    public void Train_imm_needs_no_prior_and_exports_named_keypoints_behind_its_landmarks()
    {
        using RunFolder run = RunFolder.Create(folder["imm"], Imm(steps: 3));
        TrainingResult result = TinyRun.Train(run);
        Assert.AreEqual(result.Postprocessed!.Metrics!.ErrorPercentOfImage, result.Metrics!.ErrorPercentOfImage);
        CollectionAssert.AreEqual(new[] { "equivariance", "reconstruction" }, TrainingLog.Read(run.LogPath)[^1].Losses.Keys.ToArray());
        Assert.IsTrue(File.Exists(run.SamplePath(3)));

        using ModelExporter exporter = ModelExporter.Open(run);
        using IFrameSet frames = TinyRun.Puppets.OpenTrainingFrames();
        exporter.ExportDetector(folder["imm.onnx"], new ExportFrames(frames, "test frames"));
        using KeypointDetector detector = KeypointDetector.Load(folder["imm.onnx"]);
        Assert.AreEqual(TinyRun.Puppets.Skeleton, detector.Skeleton);
        using LabelledFrames test = TinyRun.Puppets.OpenLabelled("test");
        // float32 in another runtime
        Assert.AreEqual(result.Metrics.ErrorPercentOfImage,
            ExportedDetectorEvaluation.Measure(folder["imm.onnx"], test, null).ErrorPercentOfImage, 1e-3);
    }

    [TestMethod]
    public void Train_imm_stopped_and_resumed_ends_with_the_tensors_of_an_uninterrupted_run()
    {
        using (RunFolder run = RunFolder.Create(folder["imm-whole"], Imm(steps: 4)))
            TinyRun.Train(run);
        using (RunFolder run = RunFolder.Create(folder["imm-resumed"], Imm(steps: 4)))
        {
            using var stop = new TinyRun.StopAfter(TrainingPhase.Training, 2);
            Assert.IsFalse(new Trainer(run, TinyRun.Puppets, stop).Train(stop.Token).Finished);
        }
        using (RunFolder run = RunFolder.Resume(folder["imm-resumed"]))
            Assert.IsTrue(TinyRun.Train(run).Finished);
        SafetensorsFile resumed = Final("imm-resumed");
        foreach (SafetensorsTensor tensor in Final("imm-whole").Tensors)
            Assert.IsTrue(tensor.Data.Span.SequenceEqual(resumed[tensor.Name].Data.Span), tensor.Name);

        static SafetensorsFile Final(string name)
        {
            using RunFolder run = RunFolder.Open(folder[name]);
            return SafetensorsFile.Read(run.Checkpoints.List()[0].Path);
        }
    }

    [TestMethod]
    public void Recipe_of_a_baseline_that_cannot_work_is_refused()
    {
        Recipe imm = Imm(steps: 1) with { Postprocessing = new PostprocessingRecipe() };
        Assert.Contains("postprocessing.enabled", Assert.ThrowsExactly<RecipeException>(imm.Validate).Message);
        Recipe deep = TinyRun.Recipe() with
        {
            Method = TrainingMethod.Supervised,
            Supervised = new SupervisedRecipe { Detector = SupervisedDetector.Hourglass, Depth = 4 },
        };
        Assert.Contains("supervised.depth", Assert.ThrowsExactly<RecipeException>(deep.Validate).Message);
    }

    private static Recipe Imm(int steps) => TinyRun.Recipe(steps, pretraining: 0) with
    {
        Method = TrainingMethod.Imm,
        Imm = new ImmRecipe { Landmarks = 9 },
        Postprocessing = new PostprocessingRecipe { Enabled = true, Folds = 3 },
    };
}
