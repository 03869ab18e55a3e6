using KeypointMl.Data.Puppets;
using KeypointMl.Inference.Devices;
using KeypointMl.Training.MlNet;
using KeypointMl.Training.MlNet.Loading;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;
using KeypointMl.Training.Runs;
using Microsoft.ML;

namespace KeypointMl.Training.Tests;

/// <summary>What would fail after hours of training is said before frames are read, and what fails all the same loses nothing.</summary>
[TestClass]
public sealed class KeypointGanFaultTests
{
    private readonly MLContext ml = new(seed: 1);
    private TemporaryFolder folder = null!;

    [TestInitialize]
    public void CreateFolder() => folder = new TemporaryFolder();

    [TestCleanup]
    public void DeleteFolder() => folder.Dispose();

    [TestMethod]
    public void Recipe_that_trains_no_generator_is_refused_at_once()
    {
        Recipe recipe = PuppetViews.Options.Recipe;
        foreach (Recipe other in new[]
        {
            recipe with { Ablation = recipe.Ablation with { Condition = false } },
            recipe with { Method = TrainingMethod.Imm },
        })
        {
            Assert.Contains("trains no generator", Assert.ThrowsExactly<ArgumentException>(() => Trainer(PuppetViews.Options with
            {
                Recipe = other,
            })).Message);
        }
    }

    [TestMethod]
    public void Detection_options_that_do_not_go_together_are_refused_at_once()
    {
        KeypointGanOptions options = PuppetViews.Options;
        Assert.Contains("An error column 'Error' is asked for", Assert.ThrowsExactly<ArgumentException>(() => Trainer(options with
        {
            Detection = options.Detection with { ErrorColumnName = "Error" },
        })).Message);
        Assert.Contains("The confidence column is named 'Keypoints'", Assert.ThrowsExactly<ArgumentException>(() => Trainer(options with
        {
            Detection = options.Detection with { ConfidenceColumnName = "Keypoints" },
        })).Message);
    }

    [TestMethod]
    public void Missing_GPU_is_said_before_frames_are_read()
    {
        KeypointGanOptions options = PuppetViews.Options;
        Assert.Contains("The device cuda:77 was asked for", FaultOfUnreadFrames(ml, options with
        {
            Detection = options.Detection with { Device = KeypointDevice.Cuda(77) },
        }));
        Assert.Contains("The device cuda:77 was asked for", FaultOfUnreadFrames(ml, options with
        {
            Recipe = options.Recipe with { Training = options.Recipe.Training with { Device = "cuda:77" } },
        }));
        var strict = new MLContext(seed: 1) { GpuDeviceId = 77, FallbackToCpu = false };
        Assert.StartsWith("MLContext.GpuDeviceId is 77 and FallbackToCpu is false.", FaultOfUnreadFrames(strict, options with
        {
            Detection = options.Detection with { Device = KeypointDevice.Auto },
        }));
    }

    [TestMethod]
    public void Training_on_auto_follows_the_GPU_that_the_context_names()
    {
        KeypointGanOptions options = PuppetViews.Options;
        options = options with { Recipe = options.Recipe with { Training = options.Recipe.Training with { Device = "auto" } } };
        var strict = new MLContext(seed: 1) { GpuDeviceId = 77, FallbackToCpu = false };
        Assert.StartsWith("MLContext.GpuDeviceId is 77 and FallbackToCpu is false.", FaultOfUnreadFrames(strict, options));
    }

    [TestMethod]
    public void Run_folder_that_cannot_be_used_is_said_before_frames_are_read()
    {
        folder.Write("taken/notes.txt", "mine");
        KeypointGanOptions options = PuppetViews.Options with { RunFolder = folder["taken"] };
        Assert.Contains("is not empty",
            Assert.ThrowsExactly<IOException>(() => Trainer(options).Train(Unread, PuppetViews.Prior(ml))).Message);
        RunFolder.Create(folder["run"], options.Recipe).Dispose();
        Assert.Contains("The recipe is not the one of the run", Assert.ThrowsExactly<InvalidDataException>(() => Trainer(options with
        {
            RunFolder = folder["run"],
            Recipe = options.Recipe with { Seed = 99 },
        }).Train(Unread, PuppetViews.Prior(ml))).Message);
    }

    [TestMethod]
    public void Test_columns_are_looked_for_before_frames_are_read()
    {
        KeypointGanOptions options = PuppetViews.Options with { Test = ml.Data.LoadFromEnumerable(Array.Empty<PuppetViews.PoseRow>()) };
        Assert.Contains("no column 'Path'",
            Assert.ThrowsExactly<ArgumentException>(() => Trainer(options).Train(Unread, PuppetViews.Prior(ml))).Message);
    }

    [TestMethod]
    public void Fault_after_the_training_keeps_the_temporary_folder_and_names_it()
    {
        // An export that cannot be written: where the graph is to lie, there is a folder.
        string name = $"kept-{Guid.NewGuid():N}";
        KeypointGanOptions options = PuppetViews.Options;
        options = options with { Recipe = options.Recipe with { Name = name } };
        IDataView frames = PuppetViews.Frames(ml, folder.Path), prior = PuppetViews.Prior(ml);
        using var progress = new OnFirstStep(() => Directory.CreateDirectory(Path.Combine(TemporaryRun(name), "detector.onnx")));

        string message = Assert.ThrowsExactly<InvalidOperationException>(() => Trainer(options with
        {
            Progress = progress,
        }).Train(frames, prior)).Message;

        string kept = TemporaryRun(name);
        Assert.Contains($"What was trained is kept in '{kept}'", message);
        Directory.Delete(Path.Combine(kept, "detector.onnx"));
        Trainer(options with { RunFolder = kept }).Train(frames, prior).Transformer.Dispose();
        Directory.Delete(kept, recursive: true);
    }

    [TestMethod]
    public void Run_folder_of_other_data_is_refused()
    {
        KeypointGanOptions options = PuppetViews.Options with { RunFolder = folder["run"] };
        FrameRow[] rows = PuppetViews.Write(TinyRun.Puppets.OpenTrainingFrames(), folder["train"], poses: null);
        IDataView prior = PuppetViews.Prior(ml);
        Trainer(options).Train(PuppetViews.Load(ml, rows), prior).Transformer.Dispose();

        string Fault(IDataView frames, IDataView poses) =>
            Assert.ThrowsExactly<InvalidDataException>(() => Trainer(options).Train(frames, poses)).Message;

        Assert.Contains("are not those that the run in", Fault(PuppetViews.Load(ml, rows[1..]), prior));
        Assert.Contains("are not those that the run in", Fault(PuppetViews.Load(ml, rows), ml.Data.TakeRows(prior, 5)));
        File.Delete(folder["run/data.sha256"]);
        Assert.Contains("does not say which data", Fault(PuppetViews.Load(ml, rows), prior));
    }

    [TestMethod]
    public void Prior_is_of_the_image_size_that_its_column_says()
    {
        var prior = new PriorDataView(TinyRun.Puppets.OpenPrior(), 128, 96);

        var collected = PriorCollector.Collect(prior, PuppetViews.Options);
        Assert.AreEqual((128, 96), (collected.Width, collected.Height));
        var said = PriorCollector.Collect(prior, PuppetViews.Options with { PriorWidth = 130 });
        Assert.AreEqual((130, 96), (said.Width, said.Height), "what the options say goes before");
    }

    [TestMethod]
    public void Prior_most_of_whose_points_lie_outside_is_refused()
    {
        IDataView large = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 4).Select(_ => new PuppetViews.PoseRow
        {
            Pose = [.. Enumerable.Repeat(64f, 2 * PuppetDataset.Skeleton.Count)],
        }));
        string message = Assert.ThrowsExactly<InvalidDataException>(() => PriorCollector.Collect(large, PuppetViews.Options)).Message;
        Assert.Contains("60 of the 60 points", message);
        Assert.Contains("PriorWidth", message);
        Assert.AreEqual(128, PriorCollector.Collect(large, PuppetViews.Options with { PriorWidth = 128, PriorHeight = 128 }).Width);
    }

    [TestMethod]
    public void Memory_is_one_budget_of_training_and_test_frames()
    {
        IDataView frames = PuppetViews.Frames(ml, folder.Path);
        int count = TinyRun.Puppets.OpenTrainingFrames().Count;
        string message = Assert.ThrowsExactly<InvalidDataException>(() => Trainer(PuppetViews.Options with
        {
            Test = PuppetViews.Test(ml, folder.Path),
            MemoryBytes = (count + 4) * 32 * 32 * 3,
        }).Train(frames, PuppetViews.Prior(ml))).Message;
        Assert.Contains($"5 test frames at 32×32, beside {count} training frames, take more than the limit", message);
    }

    [TestMethod]
    public void Fault_of_a_label_names_its_column_and_not_the_images()
    {
        FrameRow[] test = PuppetViews.Write(TinyRun.Puppets.OpenTrainingFrames(), folder["test"], poses: null);
        foreach (FrameRow row in test)
            row.Label = [1, 2, 3];
        string message = Assert.ThrowsExactly<InvalidDataException>(() => Trainer(PuppetViews.Options with
        {
            Test = ml.Data.LoadFromEnumerable(test),
        }).Train(PuppetViews.Frames(ml, folder.Path), PuppetViews.Prior(ml))).Message;
        Assert.StartsWith("Row 0 (counted from 0): column 'Label' holds 3 floats", message);
    }

    private static string TemporaryRun(string name) => Directory.EnumerateDirectories(Path.GetTempPath(), "keypointml-fit-*")
        .Single(path => File.Exists(Path.Combine(path, "recipe.yaml"))
            && File.ReadAllText(Path.Combine(path, "recipe.yaml")).Contains(name, StringComparison.Ordinal));

    private static string FaultOfUnreadFrames(MLContext context, KeypointGanOptions options)
    {
        KeypointGanEstimator trainer = context.Keypoints.Trainers.KeypointGan(options);
        return Assert.ThrowsExactly<NotSupportedException>(() => trainer.Train(Unread, PuppetViews.Prior(context))).Message;
    }

    /// <summary>Frames that fail the test where one is read.</summary>
    private static IDataView Unread => PuppetViews.Load(new MLContext(seed: 1), Enumerable.Range(0, 1).Select(FrameRow (_) =>
        throw new AssertFailedException("A frame was read.")));

    private KeypointGanEstimator Trainer(KeypointGanOptions options) => ml.Keypoints.Trainers.KeypointGan(options);

    private sealed class OnFirstStep(Action act) : ITrainingProgress
    {
        private bool done;

        public void Begin(TrainingPhase phase, long done, long steps)
        {
        }

        public void Report(in ProgressUpdate update)
        {
            if (!done)
                act();
            done = true;
        }

        public void Note(string message)
        {
        }

        public void Dispose()
        {
        }
    }
}
