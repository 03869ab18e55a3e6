using KeypointMl.Training.Distillation;
using KeypointMl.Training.Numerics;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;
using KeypointMl.Training.Running;
using KeypointMl.Training.Runs;

namespace KeypointMl.Training.Tests;

/// <summary>Training on a processor whose kernels are wrong: injected here, since few processors are.</summary>
[TestClass]
public sealed class CheckedTrainingTests
{
    [TestCleanup]
    public void Restore() => ConvolutionPlan.Shared = original;

    // Of the instance: a static field may be set at its first use, which is after the test.
    private readonly ConvolutionPlan original = ConvolutionPlan.Shared;

    [TestMethod]
    public void Run_with_a_kernel_that_loses_tails_trains_on_right_numbers()
    {
        IReadOnlyDictionary<string, double> right = Losses(Kernels.Right, out string rightNumerics);
        IReadOnlyDictionary<string, double> mended = Losses(Kernels.InputGradientLosesTail, out string mendedNumerics);
        Assert.AreEqual("default", rightNumerics);
        Assert.AreEqual("output channels padded; 1×1 kernels as matrix products", mendedNumerics);
        // Both compute in double precision and round; what differs is the order of a few sums.
        foreach ((string name, double value) in right)
            Assert.AreEqual(value, mended[name], 1e-4 * Math.Abs(value), name);
    }

    [TestMethod]
    public void Run_with_a_kernel_that_nothing_helps_does_not_begin()
    {
        using var folder = new TemporaryFolder();
        ConvolutionPlan.Shared = new ConvolutionPlan(Kernels.ForwardIsOff, new FakeRuntime
        {
            InstructionSet = "SSE41",
            CanTurnOneDnnOff = false,
        }, new NumericsCache(null));
        using RunFolder run = RunFolder.Create(folder["run"], TinyRun.Recipe());
        Assert.ThrowsExactly<NumericsException>(() => TinyRun.Train(run));
        Assert.IsEmpty(run.Checkpoints.List());
    }

    [TestMethod]
    [DataRow("keypoint-gan", SupervisedDetector.PhiEta, false)]
    [DataRow("keypoint-gan", SupervisedDetector.PhiEta, true)]
    [DataRow("supervised", SupervisedDetector.PhiEta, false)]
    [DataRow("supervised", SupervisedDetector.Hourglass, false)]
    [DataRow("imm", SupervisedDetector.PhiEta, false)]
    public void Every_convolution_of_a_step_is_checked_before_it(string method, SupervisedDetector detector, bool secondCycle)
    {
        using var folder = new TemporaryFolder();
        var plan = new ConvolutionPlan(ConvolutionWays.LibTorch, new ProcessRuntime(), new NumericsCache(folder["cache"]));
        Recipe recipe = TinyRun.Recipe(steps: 2, pretraining: 2) with
        {
            Method = TrainingMethod.Find(method)!,
            Supervised = new SupervisedRecipe { Detector = detector, Features = 8, Stacks = 2, Depth = 2 },
            Ablation = new AblationRecipe { SecondCycle = secondCycle },
            Postprocessing = new PostprocessingRecipe { Enabled = method == "imm", Split = "train" },
        };
        var counter = new AfterSteps(() => plan.Unannounced);
        ConvolutionPlan.Shared = plan;
        using RunFolder run = RunFolder.Create(folder["run"], recipe);
        new Trainer(run, TinyRun.Puppets, counter).Train();
        Assert.IsGreaterThan(0, counter.Steps);
        Assert.AreEqual(0, counter.Unannounced, "convolutions computed in steps that no rehearsal had announced");
    }

    [TestMethod]
    public void Every_convolution_of_a_distillation_is_checked_before_it()
    {
        using var folder = new TemporaryFolder();
        Recipe recipe = TinyRun.Recipe(steps: 1, pretraining: 1) with
        {
            Articulation = new ArticulationRecipe
            {
                Steps = 3,
                WarmupSteps = 1,
                Batch = 2,
                Size = 32,
                Width = 4,
                GeneratorWidth = 4,
                Discriminator = new DiscriminatorRecipe { Width = 4, Layers = 2, Scales = 1 },
            },
            Student = new StudentRecipe { Size = 32, Stride = 2, Width = 4, Steps = 2, Batch = 2 },
        };
        using RunFolder teacher = RunFolder.Create(folder["teacher"], recipe);
        TinyRun.Train(teacher);
        var plan = new ConvolutionPlan(ConvolutionWays.LibTorch, new ProcessRuntime(), new NumericsCache(folder["cache"]));
        var counter = new AfterSteps(() => plan.Unannounced);
        ConvolutionPlan.Shared = plan;
        using RunFolder run = RunFolder.Create(folder["run"], DistillationRun.RecipeOf(teacher));
        new Trainer(run, TinyRun.Puppets, counter).Train();
        Assert.AreEqual(5, counter.Steps);
        Assert.AreEqual(0, counter.Unannounced, "convolutions computed in steps that no rehearsal had announced");
    }

    private static IReadOnlyDictionary<string, double> Losses(ConvolutionKernel kernel, out string numerics)
    {
        using var folder = new TemporaryFolder();
        ConvolutionPlan.Shared = new ConvolutionPlan(kernel, new FakeRuntime(), new NumericsCache(null));
        using RunFolder run = RunFolder.Create(folder["run"], TinyRun.Recipe(steps: 1, pretraining: 1));
        TinyRun.Train(run);
        IReadOnlyList<TrainingLogEntry> log = TrainingLog.Read(run.LogPath);
        numerics = log[0].Environment!.Numerics;
        Assert.IsTrue(log.Skip(1).All(entry => entry.Environment is null), "said once");
        return log[^1].Losses;
    }

    private sealed class AfterSteps(Func<int> read) : ITrainingProgress
    {
        private int before;

        /// <summary>Those of steps; an evaluation between two phases has as many frames as there are.</summary>
        public int Unannounced { get; private set; }

        public int Steps { get; private set; }

        public void Begin(TrainingPhase phase, long done, long steps) => before = read();

        public void Report(in ProgressUpdate update)
        {
            int now = read();
            (Unannounced, before) = (Unannounced + now - before, now);
            Steps++;
        }

        public void Note(string message)
        {
        }

        public void Dispose()
        {
        }
    }
}
