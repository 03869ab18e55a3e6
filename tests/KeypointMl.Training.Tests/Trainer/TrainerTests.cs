using KeypointMl.Poses.Metrics;
using KeypointMl.Training.Checkpoints.Safetensors;
using KeypointMl.Training.Optimisation;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;
using KeypointMl.Training.Running;
using KeypointMl.Training.Runs;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Tests;

[TestClass]
public sealed class TrainerTests
{
    private string folder = "";

    [TestInitialize]
    public void CreateFolder() => folder = Directory.CreateTempSubdirectory("keypointml-").FullName;

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(folder, recursive: true);

    [TestMethod]
    [DataRow(TrainingPhase.RegressorPretraining, 2L, false)]
    [DataRow(TrainingPhase.Training, 3L, false)]
    [DataRow(TrainingPhase.Training, 3L, true)]
    public void Train_stopped_and_resumed_ends_with_the_tensors_of_an_uninterrupted_run(TrainingPhase phase, long stopAt, bool secondCycle)
    {
        Recipe recipe = TinyRun.Recipe() with { Ablation = new AblationRecipe { SecondCycle = secondCycle } };
        using (RunFolder whole = RunFolder.Create(Path.Combine(folder, "whole"), recipe))
            TinyRun.Train(whole);
        string resumed = Path.Combine(folder, "resumed");
        using (RunFolder run = RunFolder.Create(resumed, recipe))
        {
            using var stop = new TinyRun.StopAfter(phase, stopAt);
            TrainingResult result = new Trainer(run, TinyRun.Puppets, stop).Train(stop.Token);
            Assert.IsFalse(result.Finished);
            CheckpointFile checkpoint = run.Checkpoints.List()[0];
            Assert.AreEqual((phase, stopAt), (checkpoint.Phase, checkpoint.Step));
        }
        using (RunFolder run = RunFolder.Resume(resumed))
            Assert.IsTrue(TinyRun.Train(run).Finished);

        SafetensorsFile expected = Final("whole");
        SafetensorsFile actual = Final("resumed");
        CollectionAssert.AreEqual(expected.Tensors.Select(tensor => tensor.Name).Order().ToArray(),
            actual.Tensors.Select(tensor => tensor.Name).Order().ToArray());
        foreach (SafetensorsTensor tensor in expected.Tensors)
            Assert.IsTrue(tensor.Data.Span.SequenceEqual(actual[tensor.Name].Data.Span), $"tensor {tensor.Name} differs");
    }

    [TestMethod]
    public void Train_few_steps_leaves_the_run_folder_complete()
    {
        using RunFolder run = RunFolder.Create(Path.Combine(folder, "run"), TinyRun.Recipe());
        TrainingResult result = TinyRun.Train(run);
        Assert.IsTrue(result.Finished);
        Assert.AreEqual(12, result.Metrics!.Frames);
        foreach (string path in new[] { run.RecipePath, run.LogPath, run.MetricsPath, run.SamplePath(6), run.Checkpoints.List()[0].Path })
            Assert.IsTrue(File.Exists(path), path);
        Assert.IsTrue(Directory.EnumerateFiles(run.TensorBoardPath).Any());
        IReadOnlyList<TrainingLogEntry> log = TrainingLog.Read(run.LogPath);
        Assert.IsTrue(log[^1].Evaluation.ContainsKey("error_percent_of_image"));
        Assert.IsTrue(log[^1].Losses.ContainsKey("equivariance"));
    }

    [TestMethod]
    public void Bottleneck_falls_as_the_regressor_learns_to_read_skeleton_images()
    {
        BaselineMetrics hardly = Bottleneck("hardly", pretraining: 1);
        BaselineMetrics better = Bottleneck("better", pretraining: 200);

        Assert.IsLessThan(0.7 * hardly.ErrorPercentOfImage, better.ErrorPercentOfImage);
        CollectionAssert.AreEqual(
            TinyRun.Puppets.Skeleton.Groups.Select(group => group.Name).ToArray(), better.PerKeypointGroup.Keys.ToArray());

        BaselineMetrics Bottleneck(string name, int pretraining)
        {
            using RunFolder run = RunFolder.Create(Path.Combine(folder, name), TinyRun.Recipe(steps: 1, pretraining));
            return TinyRun.Train(run).Metrics!.Baselines["bottleneck"];
        }
    }

    [TestMethod]
    public void Train_supervised_trains_the_same_detector_on_labels()
    {
        Recipe recipe = TinyRun.Recipe() with { Method = TrainingMethod.Supervised };
        using RunFolder run = RunFolder.Create(Path.Combine(folder, "run"), recipe);
        Assert.IsTrue(TinyRun.Train(run).Finished);
        Assert.IsTrue(TrainingLog.Read(run.LogPath)[^1].Losses.ContainsKey("coordinates"));
    }

    [TestMethod]
    public void Train_without_equivariance_and_with_splines_runs_the_papers_step()
    {
        Recipe recipe = TinyRun.Recipe(steps: 2, pretraining: 0);
        recipe = recipe with
        {
            Losses = recipe.Losses with { Equivariance = 0 },
            Pairs = recipe.Pairs with { ThinPlateSpline = new ThinPlateSplineRecipe { Enabled = true } },
        };
        using RunFolder run = RunFolder.Create(Path.Combine(folder, "run"), recipe);
        Assert.IsTrue(TinyRun.Train(run).Finished);
        Assert.IsFalse(TrainingLog.Read(run.LogPath)[^1].Losses.ContainsKey("equivariance"));
    }

    [TestMethod]
    public void Minimize_loss_that_is_not_a_number_throws_and_changes_no_weight()
    {
        using nn.Module<Tensor, Tensor> network = nn.Linear(2, 1);
        using var optimizer = new NetworkOptimizer(network, new LearningRateSchedule(0.1, 10, 1), (0.9, 0.999), 1);
        float[] before = Weights();
        TrainingDivergedException thrown = Assert.ThrowsExactly<TrainingDivergedException>(
            () => optimizer.Minimize(network.call(full([1, 2], float.NaN)).sum(), 7, "the test"));
        Assert.AreEqual(7, thrown.Step);
        StringAssert.Contains(thrown.Message, "the loss of the test is NaN");
        CollectionAssert.AreEqual(before, Weights());

        float[] Weights() => [.. network.parameters().SelectMany(parameter => parameter.data<float>().ToArray())];
    }

    [TestMethod]
    public void Steps_leave_no_tensors_behind()
    {
        Recipe recipe = TinyRun.Recipe(steps: 40, pretraining: 0);
        using RunFolder run = RunFolder.Create(Path.Combine(folder, "run"), recipe);
        var counter = new TensorCounter();
        new Trainer(run, TinyRun.Puppets, counter).Train();
        // Inside a step the count varies by how many of the four fakes the image pool swapped; a leak of one tensor a
        // step would show as 19.
        Assert.AreEqual(counter.At(20), counter.At(39), 4.0, "live tensors at the end of step 20 and of step 39");
    }

    [TestMethod]
    public void LearningRate_is_constant_and_then_falls_linearly_to_zero()
    {
        var schedule = new LearningRateSchedule(1e-3, 100, 0.6);
        Assert.AreEqual(1e-3, schedule.At(0));
        Assert.AreEqual(1e-3, schedule.At(59));
        Assert.AreEqual(0.5e-3, schedule.At(80), 1e-12);
        Assert.AreEqual(0, schedule.At(100), 1e-12);
        Assert.AreEqual(1e-3, new LearningRateSchedule(1e-3, 100, 1).At(99));
    }

    private SafetensorsFile Final(string name)
    {
        using RunFolder run = RunFolder.Open(Path.Combine(folder, name));
        return SafetensorsFile.Read(run.Checkpoints.List()[0].Path);
    }

    private sealed class TensorCounter : ITrainingProgress
    {
        private readonly Dictionary<long, long> counts = [];

        public long At(long step) => counts[step];

        public void Begin(TrainingPhase phase, long done, long steps)
        {
        }

        public void Report(in ProgressUpdate update) =>
            counts[update.Step] = TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        public void Note(string message)
        {
        }

        public void Dispose()
        {
        }
    }
}
