using KeypointMl.Data.Frames;
using KeypointMl.Data.Loading;
using KeypointMl.Inference.Detection;
using KeypointMl.Poses.Rendering;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Training.Batches;
using KeypointMl.Training.Checkpoints;
using KeypointMl.Training.Export;
using KeypointMl.Training.Losses;
using KeypointMl.Training.Methods;
using KeypointMl.Training.Models;
using KeypointMl.Training.Networks;
using KeypointMl.Training.Optimisation;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;
using KeypointMl.Training.Runs;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Cli.Tests.Readme;

/// <summary>The code of docs/extension.md about training, compiled and run.</summary>
[TestClass]
public sealed class TrainingExtensionExamples
{
    private static Recipe withLoss = null!;
    private static Recipe withMethod = null!;

    [ClassInitialize]
    public static void Register(TestContext _)
    {
        string here = Environment.CurrentDirectory;
        Environment.CurrentDirectory = RepositoryFiles.Path(".");
        withLoss = RegisterLoss();
        withMethod = RegisterMethod();
        Environment.CurrentDirectory = here;
    }

    [TestMethod]
    public void Loss_of_another_assembly_trains_and_is_logged()
    {
        using var folder = new TemporaryFolder();
        Assert.AreEqual(0.5, withLoss.Losses.Further.Single().Value);
        Recipe recipe = TinyRun.Recipe(steps: 2) with { Losses = withLoss.Losses };
        TrainingLogEntry with = TinyRun.Train(folder["with"], recipe);
        TrainingLogEntry without = TinyRun.Train(folder["without"], recipe with { Losses = recipe.Losses with { Further = NamedWeights.None } });

        Assert.IsGreaterThan(0, with.Losses["edge_lengths"]);
        Assert.AreNotEqual(without.Losses["reconstruction"], with.Losses["reconstruction"], "the second step has other weights");
        Assert.DoesNotContain("edge_lengths", without.Losses.Keys);
        Assert.Contains("further:\n    edge_lengths: 0.5\n", recipe.ToYaml());
        Assert.AreEqual(recipe, Recipe.Parse(recipe.ToYaml()));
        Assert.DoesNotContain("further", TinyRun.Recipe().ToYaml());
    }

    [TestMethod]
    [DataRow("losses.further.edge_length=1", "losses.further.edge_length is not a loss that is registered; these are: edge_lengths")]
    [DataRow("losses.further.edge_lengths=-1", "losses.further.edge_lengths is -1; expected 0 to 1000000")]
    [DataRow("losses.further.edge_lengths=much", "losses.further.edge_lengths is 'much'; expected a finite number")]
    [DataRow("losses.further=0.5", "expected names with weights, as in {bone_length: 0.5}")]
    public void Loss_that_is_not_there_or_has_no_weight_is_refused(string set, string message)
    {
        using var folder = new TemporaryFolder();

        Assert.Contains(message, Assert.ThrowsExactly<RecipeException>(
            () => TinyRun.Train(folder["run"], Recipe.Parse(TinyRun.Recipe(steps: 1).ToYaml(), "tiny", [set]))).Message);
    }

    [TestMethod]
    public void Method_of_another_assembly_trains_resumes_and_exports()
    {
        using var folder = new TemporaryFolder();
        Assert.AreEqual("sketches", withMethod.Method.Name);
        Recipe recipe = TinyRun.Recipe(steps: 4) with { Method = withMethod.Method, Student = new StudentRecipe { Width = 4, Stride = 2 } };
        TrainingLogEntry last = TinyRun.Train(folder["run"], recipe);
        Assert.AreEqual(last.Losses["coordinates"], TinyRun.TrainStopAndResume(folder["stopped"], recipe).Losses["coordinates"]);
        using RunFolder run = RunFolder.Open(folder["run"]);
        using var exporter = ModelExporter.Open(run);
        exporter.ExportDetector(folder["detector.onnx"], ExportFrames.OfTraining(TinyRun.Puppets));
        using var detector = KeypointDetector.Load(folder["detector.onnx"]);
        Assert.AreEqual(TinyRun.Puppets.Skeleton, detector.Skeleton);
        Assert.ThrowsExactly<ArgumentException>(() => TrainingMethods.Register(new TrainingMethod("sketches"), new Sketches()));
        Assert.ThrowsExactly<ArgumentException>(() => new TrainingMethod("My method"));
    }

    private static Recipe RegisterLoss()
    {
        // begin register loss
        LossTerms.Register("edge_lengths", context => new EdgeLengths(context));
        var recipe = Recipe.Load("pipelines/train/puppets.yaml", ["losses.further.edge_lengths=0.5"]);
        // end register loss
        return recipe;
    }

    private static Recipe RegisterMethod()
    {
        // begin register method
        TrainingMethods.Register(new TrainingMethod("sketches"), new Sketches());
        var recipe = Recipe.Load("pipelines/train/puppets.yaml", ["method=sketches"]);
        // end register method
        return recipe;
    }

    // begin loss
    /// <summary>The edges of what is found are to be as long as the prior's, on average.</summary>
    private sealed class EdgeLengths(LossTermContext context) : ILossTerm
    {
        public LossTermValue? Compute(EncoderPass pass)
        {
            Tensor difference = Lengths(pass.Keypoints) - Lengths(pass.PriorPoses);
            Tensor loss = difference.square().mean();
            return new LossTermValue(context.Weight * loss, [("edge_lengths", loss.detach())]);
        }

        public void Dispose()
        {
        }

        // [N,K,2] in [−1,1] → [E]
        private Tensor Lengths(Tensor poses) => stack(context.Skeleton.Edges.Select(edge =>
            (End(poses, edge.From) - End(poses, edge.To)).square().sum(-1).add(1e-8).sqrt().mean()));

        // An edge ends at a keypoint, or in the middle of some.
        private static Tensor End(Tensor poses, IEnumerable<int> keypoints) =>
            stack(keypoints.Select(keypoint => poses.select(1, keypoint))).mean([0]);
    }
    // end loss

    // begin method
    /// <summary>Learns from drawings of the prior's poses alone, without a frame: how far does that go?</summary>
    private sealed class Sketches : ITrainingMethod
    {
        public TrainingData OpenData(Recipe recipe, IDataset dataset) => TrainingData.WithoutLabels(recipe, dataset);

        public ITrainedModel CreateModel(Recipe recipe, Skeleton skeleton) => new SketchModel(recipe, skeleton);

        public IEnumerable<ITrainingPhase> CreatePhases(Recipe recipe, ITrainedModel model, TrainingData data, TrainingPlace place) =>
            [new SketchPhase(recipe, (SketchModel)model, new PriorPoseBatches(data.Prior, recipe, place.Device), place)];
    }

    private sealed class SketchModel(Recipe recipe, Skeleton skeleton) : AveragedDetector<HeatmapDetector>(
        "detector", recipe.Seed, () => new HeatmapDetector(skeleton.Count, recipe.Student.Width, recipe.Student.Stride), skeleton);

    private sealed class SketchPhase : ITrainingPhase
    {
        private readonly Recipe recipe;
        private readonly SketchModel model;
        private readonly PriorPoseBatches poses;
        private readonly NetworkOptimizer optimizer;
        private readonly SkeletonRenderer beta;

        public SketchPhase(Recipe recipe, SketchModel model, PriorPoseBatches poses, TrainingPlace place)
        {
            (this.recipe, this.model, this.poses) = (recipe, model, poses);
            optimizer = NetworkOptimizer.Of(model.Network, recipe.Training, place.Watch);
            beta = new SkeletonRenderer(model.Points, recipe.Size, recipe.Size, SkeletonFallOff.Linear(0.1));
            beta.MoveConstants(place.Device);
        }

        public TrainingPhase Phase => TrainingPhase.Training;

        public long Steps => recipe.Training.Steps;

        public int FramesPerStep => 0;

        public bool TrainsDetector => true;

        public IReadOnlyList<(string Name, Tensor Value)> Step(FrameBatch? frames, long step)
        {
            model.Network.train();
            Tensor target = poses.Draw(recipe.Training.Batch, stream: 1, step);                        // [N,K,2]
            (Tensor p, _) = model.Network.call(beta.call(target).expand(-1, 3, -1, -1));
            Tensor loss = nn.functional.mse_loss(p, target);
            optimizer.Minimize(loss, step, "the sketches");
            ExponentialMovingAverage.Update(model.Average, model.Network, recipe.Training.EmaDecay, step);
            return [("coordinates", loss.detach())];
        }

        public void Save(CheckpointTensors checkpoint) => checkpoint.AddOptimizer("detector", optimizer);

        public void Load(CheckpointTensors checkpoint) => checkpoint.RestoreOptimizer("detector", optimizer);

        public void Dispose()
        {
            optimizer.Dispose();
            beta.Dispose();
        }
    }
    // end method
}
