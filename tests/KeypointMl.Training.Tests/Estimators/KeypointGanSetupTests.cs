using System.Runtime.CompilerServices;
using KeypointMl.Training.MlNet;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;
using Microsoft.ML;

namespace KeypointMl.Training.Tests;

/// <summary>What the estimator tells a chain, and what it refuses, before it trains.</summary>
[TestClass]
public sealed class KeypointGanSetupTests
{
    private readonly MLContext ml = new(seed: 1);
    private TemporaryFolder folder = null!;

    [TestInitialize]
    public void CreateFolder() => folder = new TemporaryFolder();

    [TestCleanup]
    public void DeleteFolder() => folder.Dispose();

    [TestMethod]
    public void Schema_shape_and_chain_know_the_keypoints_before_training()
    {
        KeypointGanEstimator estimator = ml.Keypoints.Trainers.KeypointGan(PuppetViews.Options);
        SchemaShape shape =
            estimator.GetOutputSchema(
                ml.Transforms.CopyColumns("Copy", "Path").GetOutputSchema(ShapeOf(PuppetViews.Frames(ml, folder.Path).Schema)));
        Assert.AreEqual(SchemaShape.Column.VectorKind.Vector, shape.Single(column => column.Name == "Keypoints").Kind);
        KeypointGanOptions unnamed = PuppetViews.Options with { Skeleton = null };
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidOperationException>(() => ml.Keypoints.Trainers.KeypointGan(unnamed)
                .GetOutputSchema(ShapeOf(PuppetViews.Frames(ml, folder.Path).Schema))).Message, "There is no prior");
    }

    [TestMethod]
    public void What_cannot_be_learnt_from_is_named_before_training()
    {
        FrameRow[] rows = PuppetViews.Write(TinyRun.Puppets.OpenTrainingFrames(), folder["train"], poses: null);
        IDataView frames = PuppetViews.Load(ml, rows), prior = PuppetViews.Prior(ml);
        KeypointGanEstimator Estimator(KeypointGanOptions options) => ml.Keypoints.Trainers.KeypointGan(options);

        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidOperationException>(() => Estimator(PuppetViews.Options).Fit(frames)).Message, "There is no prior");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Estimator(PuppetViews.Options with
        {
            VideoColumnName = "Clip",
        }).Fit(frames, prior)).Message, "no column 'Clip'");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Estimator(PuppetViews.Options with
        {
            Skeleton = null,
        }).Fit(frames, prior)).Message, "Column 'Pose' does not say what its keypoints are");
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => Estimator(PuppetViews.Options with
        {
            MemoryBytes = 10 * 32 * 32 * 3,
        }).Fit(frames, prior)).Message, "11 training frames at 32×32 take more than the limit");
        rows[4].Frame = rows[3].Frame;
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidDataException>(() => Estimator(PuppetViews.Options).Fit(PuppetViews.Load(ml, rows), prior)).Message,
            "stands twice in the training data");
        rows[5].Path = folder["none.png"];
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidDataException>(() => Estimator(PuppetViews.Options).Fit(PuppetViews.Load(ml, rows), prior)).Message,
            "Row 5 (counted from 0), column 'Path'");
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => Estimator(PuppetViews.Options).Fit(PuppetViews.Load(ml, []), prior)).Message,
            "training data have no rows");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Estimator(PuppetViews.Options with
        {
            Recipe = PuppetViews.Options.Recipe with { Method = TrainingMethod.Supervised },
        })).Message, "supervised");
        Assert.ThrowsExactly<RecipeException>(() => Estimator(PuppetViews.Options with
        {
            Recipe = PuppetViews.Options.Recipe with { Size = 33 },
        }));
    }

    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod, Name = "Create")]
    private static extern SchemaShape CreateShape(SchemaShape? type, DataViewSchema schema);

    private static SchemaShape ShapeOf(DataViewSchema schema) => CreateShape(null, schema);
}
