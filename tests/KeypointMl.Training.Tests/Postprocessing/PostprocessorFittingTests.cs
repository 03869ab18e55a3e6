using System.Numerics;
using KeypointMl.Data.Frames;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Metrics;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Training.Evaluation;
using KeypointMl.Training.Postprocessing;
using KeypointMl.Training.Recipes.Sections;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Tests;

[TestClass]
public sealed class PostprocessorFittingTests
{
    [TestMethod]
    public void Fit_finds_a_linear_map_exactly_where_there_is_one()
    {
        // A 'detector' whose three landmarks are the frame's mean colour channels; the two keypoints are linear in them.
        using var detector = new Colours();
        using var frames = new ColourFrames(24);
        Vector2[][] poses = [.. Enumerable.Range(0, frames.Count).Select(i =>
        {
            Vector2[] seen = DetectorEvaluation.Predict(detector, frames, [i])[0];
            return new[] { seen[0] * 0.5f + seen[2] * 0.25f + new Vector2(3, 1), i % 4 == 0
                ? new Vector2(float.NaN)
                : new Vector2(seen[1].Y, 7 - seen[0].X) };
        })];
        var labelled = new LabelledFrames(new Skeleton("two", ["a", "b"], []), frames, poses, new MetricProtocol(null, "test"));

        PostprocessorFitting.Fit fit = PostprocessorFitting.Run(detector, labelled, new PostprocessingRecipe());
        using LinearPostprocessor postprocessor = fit.Postprocessor;
        using var both = new PostprocessedDetector(detector, postprocessor);

        Assert.AreEqual((3, 2), (postprocessor.Landmarks, postprocessor.Keypoints));
        Assert.AreEqual(1e-7, fit.Ridge, "without noise the smallest ridge is best");
        for (int i = 0; i < frames.Count; i++)
        {
            Vector2[] predicted = DetectorEvaluation.Predict(both, frames, [i])[0];
            Assert.AreEqual(0, Vector2.Distance(poses[i][0], predicted[0]), 1e-2, $"frame {i}"); // pixels of 16; the ridge is not zero
            if (i % 4 != 0)
                Assert.AreEqual(0, Vector2.Distance(poses[i][1], predicted[1]), 1e-2, $"frame {i}");
        }
        (_, Tensor confidence) = both.call(zeros(1, 3, 16, 16));
        Assert.IsTrue(confidence.min().item<float>() >= 0.2f - 1e-6f
            && confidence.max().item<float>() <= 0.8f + 1e-6f, "a weighted mean of the landmarks'");
    }

    [TestMethod]
    public void Fit_keypoint_that_one_clip_alone_has_is_fitted_and_one_that_a_single_frame_has_is_named()
    {
        using var detector = new Colours();
        using var frames = new ColourFrames(24);
        Vector2[][] poses = [.. Enumerable.Range(0, frames.Count).Select(i =>
        {
            Vector2[] seen = DetectorEvaluation.Predict(detector, frames, [i])[0];
            return new[] { seen[0] * 0.5f, i / 4 == 2 ? seen[1] : new Vector2(float.NaN) }; // of one clip of four
        })];
        var skeleton = new Skeleton("two", ["a", "b"], []);
        var labelled = new LabelledFrames(skeleton, frames, poses, new MetricProtocol(null, "test"));

        PostprocessorFitting.Fit fit = PostprocessorFitting.Run(detector, labelled, new PostprocessingRecipe());
        fit.Postprocessor.Dispose();
        Vector2[][] once = [.. poses.Select((pose, i) => i == 8 ? pose : [pose[0], new Vector2(float.NaN)])];

        Assert.IsTrue(fit.ValidationErrors.All(error => double.IsFinite(error.ErrorPercent)));
        Assert.Contains("Keypoint 'b' is labelled in 1 of the 24 frames",
            Assert.ThrowsExactly<InvalidDataException>(
                () => PostprocessorFitting.Run(detector, labelled with { Poses = once }, new PostprocessingRecipe())).Message);
    }

    [TestMethod]
    public void Fit_error_of_the_cross_validation_is_in_percent_of_the_images_pixels()
    {
        using var detector = new Colours();
        using var frames = new ColourFrames(24);
        // Six clips in two folds: within a fold a label is in one place, 8 of 16 px from where it is in the other.
        Vector2[][] poses = [.. Enumerable.Range(0, frames.Count).Select(i => new[] { new Vector2(i / 4 % 2 == 0 ? 4 : 12, 8) })];
        var labelled = new LabelledFrames(new Skeleton("one", ["a"], []), frames, poses, new MetricProtocol(null, "test"));

        PostprocessorFitting.Fit fit = PostprocessorFitting.Run(detector, labelled, new PostprocessingRecipe { Folds = 2 });
        fit.Postprocessor.Dispose();

        Assert.AreEqual(50, fit.ValidationErrors[0].ErrorPercent, 1e-4); // float32 coordinates
    }

    private sealed class Colours() : Module<Tensor, (Tensor Keypoints, Tensor Confidence)>(nameof(Colours))
    {
        public override (Tensor Keypoints, Tensor Confidence) forward(Tensor image)
        {
            Tensor means = image.mean([3L]);                                        // [N,3,H]
            Tensor points = stack([means.mean([2L]), means.narrow(2, 0, 8).mean([2L])], -1);
            return (points, tensor(new[] { 0.2f, 0.5f, 0.8f }).expand(image.shape[0], -1));
        }
    }

    private sealed class ColourFrames(int count) : IFrameSet
    {
        public int Width => 16;

        public int Height => 16;

        public int Count => count;

        public IReadOnlyList<Clip> Clips { get; } = [.. Enumerable.Range(0, 6).Select(i => new Clip($"{i}", i * count / 6, count / 6))];

        public FrameId GetId(int index) => new($"{index}", 0, "", Box.WholeImage(16, 16));

        public void Read(int index, Span<byte> destination) => new Random(index).NextBytes(destination);

        public void Dispose()
        {
        }
    }
}
