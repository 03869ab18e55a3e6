using System.Numerics;
using KeypointMl.Data.Frames;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;
using KeypointMl.Training.Running;
using KeypointMl.Training.Runs;

namespace KeypointMl.Training.Tests;

[TestClass]
public sealed class KeptWorkTests
{
    [TestMethod]
    public void Failure_between_two_steps_keeps_what_was_trained_and_the_run_goes_on_from_there()
    {
        using var folder = new TemporaryFolder();
        Recipe recipe = TinyRun.Recipe(steps: 4) with { Samples = new SampleRecipe { Every = 3, Rows = 1 } };
        using (RunFolder run = RunFolder.Create(folder["run"], recipe))
        {
            string sample = run.SamplePath(3, TrainingPhase.Training);
            Directory.CreateDirectory(sample); // where the picture is to be written
            Assert.ThrowsExactly<IOException>(() => TinyRun.Train(run));
            Assert.AreEqual((TrainingPhase.Training, 3L), (run.Checkpoints.List()[0].Phase, run.Checkpoints.List()[0].Step));
            Directory.Delete(sample, recursive: true);
        }
        using RunFolder resumed = RunFolder.Resume(folder["run"], recipe);
        Assert.IsTrue(TinyRun.Train(resumed).Finished);
        CollectionAssert.AreEqual(new long[] { 4 }, TrainingLog.Read(resumed.LogPath)
            .Where(entry => entry.Phase == TrainingPhase.Training && entry.Step > 3).Select(entry => entry.Step).ToArray());
    }

    [TestMethod]
    public void Single_images_without_any_warp_are_refused_and_with_splines_trained_on()
    {
        using var folder = new TemporaryFolder();
        Recipe plain = TinyRun.Recipe(steps: 1, pretraining: 1) with { Augmentation = new AugmentationRecipe { Flip = true } };
        plain = plain with { Prior = plain.Prior with { Flip = true } };
        var images = new SingleImages(TinyRun.Puppets);
        using (RunFolder run = RunFolder.Create(folder["plain"], plain))
        {
            string message = Assert.ThrowsExactly<InvalidDataException>(() => Train(run)).Message;
            Assert.Contains("48 of the 48 training frames", message);
            Assert.Contains("pairs.thin_plate_spline.enabled", message);
        }
        ThinPlateSplineRecipe splines = plain.Pairs.ThinPlateSpline with { Enabled = true };
        using (RunFolder run = RunFolder.Create(folder["warped"], plain with { Pairs = plain.Pairs with { ThinPlateSpline = splines } }))
            Assert.IsTrue(Train(run).Finished);

        TrainingResult Train(RunFolder run) => new Trainer(run, images, new SilentProgress()).Train(CancellationToken.None);
    }

    [TestMethod]
    public void Test_frames_without_a_label_are_refused_before_training()
    {
        using var folder = new TemporaryFolder();
        using RunFolder run = RunFolder.Create(folder["run"], TinyRun.Recipe(steps: 1, pretraining: 1));
        var data = new SingleImages(TinyRun.Puppets) { HasLabels = false };
        string message = Assert.ThrowsExactly<InvalidDataException>(
            () => new Trainer(run, data, new SilentProgress()).Train(CancellationToken.None)).Message;
        Assert.Contains("evaluation.frames", message);
        Assert.IsEmpty(run.Checkpoints.List());
    }

    /// <summary>The same frames, each a clip of its own.</summary>
    private sealed class SingleImages(IDataset inner) : ChangedDataset(inner)
    {
        public bool HasLabels { get; init; } = true;

        public override IFrameSet OpenTrainingFrames() => new Frames(base.OpenTrainingFrames());

        public override LabelledFrames OpenLabelled(string split)
        {
            LabelledFrames labelled = base.OpenLabelled(split);
            return HasLabels ? labelled : labelled with
            {
                Poses = [.. labelled.Poses.Select(pose => pose.Select(_ => new Vector2(float.NaN)).ToArray())],
            };
        }
    }

    private sealed class Frames(IFrameSet inner) : IFrameSet
    {
        public int Count => inner.Count;

        public int Width => inner.Width;

        public int Height => inner.Height;

        public IReadOnlyList<Clip> Clips { get; } =
            [.. Enumerable.Range(0, inner.Count).Select(i => inner.Clips[0] with { Name = $"image {i}", Start = i, Length = 1 })];

        public FrameId GetId(int index) => inner.GetId(index);

        public void Read(int index, Span<byte> destination) => inner.Read(index, destination);

        public void Dispose() => inner.Dispose();
    }
}
