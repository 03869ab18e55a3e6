using System.Globalization;
using KeypointMl.Training.Checkpoints.Safetensors;
using KeypointMl.Training.Methods;
using KeypointMl.Training.Optimisation;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;
using KeypointMl.Training.Running;
using KeypointMl.Training.Runs;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Tests;

/// <summary>What a run does on a device where reading waits: shown on the CPU, by a device that says so.</summary>
[TestClass]
public sealed class DeferredReadTests
{
    private static readonly TrainingDevice Waiting = TrainingDevice.Cpu with { ReadsEveryStep = false };
    private static TemporaryFolder folder = null!;

    [ClassInitialize]
    public static void CreateFolder(TestContext _) => folder = new TemporaryFolder();

    [ClassCleanup]
    public static void DeleteFolder() => folder.Dispose();

    [TestMethod]
    [DynamicData(nameof(MethodSteps.Recipes), typeof(MethodSteps))]
    public void Step_of_every_method_reads_nothing_back(string name, Recipe recipe)
    {
        using var steps = new MethodSteps(recipe, Waiting);
        if (steps.Model is TrainingNetworks networks)
            networks.Networks.Beta.AlwaysByTensors = true;
        long before = DeviceReads.Count;
        steps.Run(3);
        Assert.AreEqual(before, DeviceReads.Count, name);
    }

    [TestMethod]
    public void Train_reads_every_tenth_step_and_reports_what_was_read_last()
    {
        using RunFolder run = RunFolder.Create(folder["reads"], TinyRun.Recipe(steps: 21, pretraining: 0));
        using var record = new Record();
        new Trainer(run, TinyRun.Puppets, record, Waiting).Train();
        Assert.AreEqual(0, record.Losses[8].Count, "before the tenth step");
        CollectionAssert.AreEqual(record.Losses[9], record.Losses[18], "after the tenth step");
        CollectionAssert.AreNotEqual(record.Losses[18], record.Losses[19], "after the twentieth");
        CollectionAssert.AreNotEqual(record.Losses[19], record.Losses[20], "after the last");
        CollectionAssert.AreEqual(new[] { 10L, 20, 21 }, TrainingLog.Read(run.LogPath).Select(entry => entry.Step).ToArray());
    }

    [TestMethod]
    public void Train_that_reads_late_logs_the_losses_of_one_that_reads_at_once()
    {
        IReadOnlyList<TrainingLogEntry> early = Log("early", TrainingDevice.Cpu);
        IReadOnlyList<TrainingLogEntry> late = Log("late", Waiting);
        for (int i = 0; i < early.Count; i++)
        {
            foreach ((string name, double value) in early[i].Losses)
                // clipped in another order of sums, which some steps amplify
                Assert.AreEqual(value, late[i].Losses[name], 1e-2 * Math.Abs(value), name);
        }

        IReadOnlyList<TrainingLogEntry> Log(string name, TrainingDevice device)
        {
            using RunFolder run = RunFolder.Create(folder[name], TinyRun.Recipe(steps: 4, pretraining: 2));
            new Trainer(run, TinyRun.Puppets, new SilentProgress(), device).Train();
            return TrainingLog.Read(run.LogPath);
        }
    }

    [TestMethod]
    public void Read_after_numbers_that_are_not_finite_throws_and_names_the_first()
    {
        using var scope = NewDisposeScope();
        using var watch = new DivergenceWatch(deferred: true);
        watch.Check(tensor(1f, device: CPU), 3, "the loss of A");
        watch.Read();
        watch.Check(tensor(2f, device: CPU), 4, "the loss of A");
        watch.Check(tensor(float.PositiveInfinity, device: CPU), 5, "the loss of B");
        watch.Check(tensor(float.NaN, device: CPU), 6, "the loss of C");
        TrainingDivergedException thrown = Assert.ThrowsExactly<TrainingDivergedException>(watch.Read);
        Assert.AreEqual(5, thrown.Step);
        StringAssert.Contains(thrown.Message, $"the loss of B is {double.PositiveInfinity.ToString(CultureInfo.CurrentCulture)}");
        Assert.ThrowsExactly<TrainingDivergedException>(watch.Read, "it stays diverged");
    }

    /// <summary>A learning rate that overflows the weights in the third step; checkpoints are due after every one.</summary>
    [TestMethod]
    public void Train_that_diverges_between_reads_keeps_no_checkpoint_from_after_it()
    {
        Recipe recipe = TinyRun.Recipe(steps: 30, pretraining: 0) with { Checkpoints = new CheckpointRecipe { Every = 1 } };
        recipe = recipe with
        {
            Training = recipe.Training with
            {
                LearningRate = 1,
                DiscriminatorLearningRate = 1,
                RegressorLearningRate = 1,
                GradientClip = null,
                DecayFrom = 1,
            },
            Losses = recipe.Losses with { Reconstruction = 1e6, Adversarial = 1e6 },
        };
        using RunFolder run = RunFolder.Create(folder["diverges"], recipe);
        try
        {
            new Trainer(run, TinyRun.Puppets, new SilentProgress(), Waiting).Train();
        }
        catch (TrainingDivergedException)
        {
        }
        foreach (CheckpointFile file in run.Checkpoints.List())
        {
            foreach (SafetensorsTensor values in SafetensorsFile.Read(
                file.Path).Tensors.Where(values => values.Type == SafetensorsType.F32))
            {
                using Tensor read = values.ToTensor();
                Assert.IsTrue(read.isfinite().all().item<bool>(), $"{values.Name} of step {file.Step}");
            }
        }
    }

    [TestMethod]
    [DataRow(1.0)]
    [DataRow(1e6)]
    [DataRow(null)]
    public void GradientNorm_clips_as_PyTorch_does(double? largest)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(4);
        TorchSharp.Modules.Parameter[] theirs = [With(randn(3, 4)), With(randn(5))];
        Tensor ours = Flat(theirs);
        double expected = nn.utils.clip_grad_norm_(theirs, largest ?? 1e30);
        Assert.AreEqual(expected, GradientNorm.Clip(ours, largest).item<float>(), 1e-6 * expected);
        Assert.IsTrue(ours.allclose(Flat(theirs), rtol: 1e-5));

        static Tensor Flat(TorchSharp.Modules.Parameter[] parameters) =>
            cat([.. parameters.Select(parameter => parameter.grad!.reshape(-1))]).clone();

        static TorchSharp.Modules.Parameter With(Tensor gradient)
        {
            var parameter = new TorchSharp.Modules.Parameter(zeros_like(gradient));
            parameter.grad = gradient;
            return parameter;
        }
    }

    private sealed class Record : ITrainingProgress
    {
        public List<List<KeyValuePair<string, double>>> Losses { get; } = [];

        public void Begin(TrainingPhase phase, long done, long steps)
        {
        }

        public void Report(in ProgressUpdate update) => Losses.Add([.. update.Losses]);

        public void Note(string message)
        {
        }

        public void Dispose()
        {
        }
    }
}
