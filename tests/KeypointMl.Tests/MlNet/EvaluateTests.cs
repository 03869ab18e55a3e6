using System.Numerics;
using KeypointMl.Detection;
using KeypointMl.Evaluation;
using KeypointMl.Poses.Metrics;
using KeypointMl.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Tests.MlNet;

[TestClass]
public sealed class EvaluateTests
{
    private const double Tolerance = 1e-6;

    private readonly MLContext ml = new(seed: 1);

    [TestMethod]
    public void Evaluate_hand_example_gives_its_numbers()
    {
        // 100×50 images. Row a: errors 3, 4 (not labelled: the third); row b: 0, 0, 10.
        IDataView data = Load(
            new EvaluationRow { Keypoints = [13, 10, 50, 14, 1, 1], Label = [10, 10, 50, 10, float.NaN, float.NaN], Group = "a" },
            new EvaluationRow { Keypoints = [5, 5, 20, 20, 30, 46], Label = [5, 5, 20, 20, 30, 36], Group = "b" });
        KeypointMetrics metrics = ml.Keypoints.Evaluate(data, new()
        {
            ImageWidth = 100,
            ImageHeight = 50,
            Skeleton = TestModels.Skeleton,
            GroupColumnName = "Group",
            Protocol = new MetricProtocol((0, 1), "by hand"),
        });
        Assert.AreEqual(2, metrics.Frames);
        Assert.AreEqual((3.5 + 10.0 / 3) / 2, metrics.ErrorPercentOfImage, Tolerance);
        // distances are floats
        Assert.AreEqual((3.5 / 40 + 10.0 / 3 / Math.Sqrt(15 * 15 + 15 * 15)) / 2 * 100, metrics.NmePercent!.Value, 1e-4);
        Assert.AreEqual(4.0 / 5, metrics.Pck["0.05"], Tolerance);
        Assert.AreEqual(1, metrics.Pck["0.1"], Tolerance);
        Assert.AreEqual(3.5, metrics.PerGroup["a"], Tolerance);
        Assert.AreEqual(10.0 / 3, metrics.PerGroup["b"], Tolerance);
        Assert.AreEqual(10, metrics.PerKeypoint["blue"], Tolerance);
        Assert.AreEqual("by hand", metrics.Protocol);
    }

    [TestMethod]
    public void Evaluate_detected_column_brings_its_skeleton_and_image_sizes()
    {
        const int Count = 6;
        IDataView images = ml.Data.LoadFromEnumerable([.. Enumerable.Range(0, Count).Select(i => new LabelledImageRow
        {
            Image = MlImagePixels.ToMlImage(TestImages.Numbered(i)),
            // The truth is 2 px to the right of what the detector finds in the last row, and the same elsewhere.
            Label = TestImages.Flatten(TestImages.Dots(i).Select(p => p + new Vector2(i == Count - 1 ? 2 : 0, 0))),
        })]);
        using KeypointDetectingTransformer transformer = TestData.Fit(ml, images);
        KeypointMetrics metrics = ml.Keypoints.Evaluate(transformer.Transform(images), new() { ImageColumnName = "Image" });
        Assert.AreEqual(Count, metrics.Frames);
        // Keypoints are float centroids: exact to 1e-4 px.
        Assert.AreEqual(100.0 * 2 / TestModels.Width / Count, metrics.ErrorPercentOfImage, 1e-3);
        Assert.IsTrue(metrics.PerKeypointGroup.ContainsKey("warm"));
    }

    [TestMethod]
    public void Evaluate_images_of_different_sizes_are_each_measured_by_their_own()
    {
        // An error of a tenth of the width in both: 10 of 100 px, 1 of 10 px.
        IDataView data = Load(
            new EvaluationRow { Keypoints = [10, 0, 0, 0, 0, 0], Label = [0, 0, float.NaN, 0, float.NaN, 0], Size = [100, 50] },
            new EvaluationRow { Keypoints = [1, 0, 0, 0, 0, 0], Label = [0, 0, float.NaN, 0, float.NaN, 0], Size = [10, 8] });
        KeypointMetrics metrics = ml.Keypoints.Evaluate(data, new() { ImageColumnName = "Size", Skeleton = TestModels.Skeleton });
        Assert.AreEqual(10, metrics.ErrorPercentOfImage, 1e-4);
    }

    [TestMethod]
    public void Evaluate_spans_of_different_sizes_are_each_measured_by_their_own()
    {
        // From one edge's centre to the other's in the first, 99 of 100 px; a third of that in the second, 3 of 10 px.
        IDataView data = Load(
            new EvaluationRow { Keypoints = [99, 0, 0, 0, 0, 0], Label = [0, 0, float.NaN, 0, float.NaN, 0], Size = [100, 50] },
            new EvaluationRow { Keypoints = [3, 0, 0, 0, 0, 0], Label = [0, 0, float.NaN, 0, float.NaN, 0], Size = [10, 8] });

        KeypointMetrics metrics = ml.Keypoints.Evaluate(data, new()
        {
            ImageColumnName = "Size",
            Skeleton = TestModels.Skeleton,
            Protocol = new MetricProtocol(null, "span", Unit: ImageUnit.Span),
        });

        Assert.AreEqual((100 + 100 / 3.0) / 2, metrics.ErrorPercentOfImage, 1e-4);
    }

    [TestMethod]
    public void Evaluate_source_scale_gives_pixels_of_the_original_crop_and_clusters_are_resampled_whole()
    {
        // 3 px to the right in each: 6 and 12 px of the original crops, 4 px down: 4 and 16; of the second row, an
        // image of half the size, scaled up by 2.
        IDataView data = Load(
            new EvaluationRow
            {
                Keypoints = [3, 4, 0, 0, 0, 0],
                Label = [0, 0, float.NaN, 0, float.NaN, 0],
                Size = [100, 100],
                Video = "a",
                Scale = [2, 1],
            },
            new EvaluationRow
            {
                Keypoints = [1.5f, 2, 0, 0, 0, 0],
                Label = [0, 0, float.NaN, 0, float.NaN, 0],
                Size = [50, 50],
                Video = "b",
                Scale = [8, 8],
            },
            new EvaluationRow
            {
                Keypoints = [3, 4, 0, 0, 0, 0],
                Label = [0, 0, float.NaN, 0, float.NaN, 0],
                Size = [100, 100],
                Video = "a",
                Scale = [2, 1],
            });
        KeypointEvaluationOptions options = new()
        {
            ImageColumnName = "Size",
            Skeleton = TestModels.Skeleton,
            ClusterColumnName = "Video",
            SourceScaleColumnName = "Scale",
        };
        KeypointMetrics metrics = ml.Keypoints.Evaluate(data, options);
        Assert.AreEqual((2 * Math.Sqrt(36 + 16) + Math.Sqrt(144 + 256)) / 3, metrics.SourceError!.Value, 1e-4);
        Assert.AreEqual(2, metrics.ConfidenceIntervals!.Clusters);
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidDataException>(() => ml.Keypoints.Evaluate(Load(new EvaluationRow
            {
                Keypoints = new float[6],
                Label = new float[6],
            }), Sized() with { SourceScaleColumnName = "Scale" })).Message,
            "column 'Scale': 0 floats; expected two");
    }

    [TestMethod]
    [DataRow("Keypoints", "Size")]
    [DataRow("Interleaved", null)]
    public void Evaluate_confidences_tell_the_error_of_the_surer_predictions(string predicted, string? confidence)
    {
        // 100 px: errors 1 (confidence 0.95), 2 (0.35), 40 (0.05, and another frame's not labelled one).
        IDataView data = ml.Data.LoadFromEnumerable(new[]
        {
            new ConfidentRow
            {
                Keypoints = [1, 0, 2, 0, 40, 0],
                Interleaved = [1, 0, 0.95f, 2, 0, 0.35f, 40, 0, 0.05f],
                Size = [0.95f, 0.35f, 0.05f],
                Label = new float[6],
            },
            new ConfidentRow
            {
                Keypoints = [0, 0, 0, 0, 9, 9],
                Interleaved = [0, 0, 1, 0, 0, 1, 9, 9, 1],
                Size = [1, 1, 1],
                Label = [0, 0, 0, 0, float.NaN, float.NaN],
            },
        });
        KeypointMetrics metrics = ml.Keypoints.Evaluate(data, Sized() with { ConfidenceColumnName = confidence }, predicted);

        IReadOnlyList<ConfidenceLevel> levels = metrics.Confidence!.Levels;
        Assert.HasCount(10, levels);
        Assert.AreEqual((0.0, 1.0), (levels[0].MinConfidence, levels[0].Coverage));
        Assert.AreEqual(43.0 / 5, levels[0].ErrorPercentOfImage!.Value, Tolerance);
        Assert.AreEqual(4.0 / 5, levels[0].Pck!.Value, Tolerance);
        Assert.AreEqual(4.0 / 5, levels[1].Coverage, Tolerance);
        Assert.AreEqual(3.0 / 4, levels[3].ErrorPercentOfImage!.Value, Tolerance);
        Assert.AreEqual(3.0 / 5, levels[9].Coverage, Tolerance);
        Assert.AreEqual(1.0 / 3, levels[9].ErrorPercentOfImage!.Value, Tolerance);
        Assert.IsNull(ml.Keypoints.Evaluate(data, Sized()).Confidence);
    }

    [TestMethod]
    public void Evaluate_prior_poses_give_their_baselines()
    {
        IDataView data = Load(new EvaluationRow { Keypoints = [0, 0, 0, 0, 0, 0], Label = [10, 0, 10, 0, 10, 0] });
        KeypointMetrics metrics = ml.Keypoints.Evaluate(data, Sized() with
        {
            PriorPoses = [[new(4, 0), new(4, 0), new(4, 0)], [new(6, 0), new(6, 0), new(6, 0)]],
        });
        Assert.AreEqual(5, metrics.Baselines["mean_pose"].ErrorPercentOfImage, 1e-4);
    }

    [TestMethod]
    public void Evaluate_bad_input_names_column_and_row()
    {
        IDataView data = Load(
            new EvaluationRow { Keypoints = [0, 0, 0, 0, 0, 0], Label = [0, 0, 0, 0, 0, 0], Size = [1, 1] },
            new EvaluationRow { Keypoints = [0, 0, 0, 0], Label = [0, 0, 0, 0, 0, 0] });
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => ml.Keypoints.Evaluate(data, Sized())).Message,
            "Row 1 (counted from 0): column 'Keypoints' holds 4 floats; 3 keypoints make 6");
        StringAssert.Contains(Refused(data, Sized(), label: "Truth"), "no column 'Truth'");
        StringAssert.Contains(Refused(data, Sized(), label: "Group"), "Column 'Group' is of type String");
        StringAssert.Contains(Refused(data, Sized() with { Skeleton = null }), "Column 'Keypoints' does not say what its keypoints are");
        StringAssert.Contains(Refused(data, Sized() with { ImageWidth = null }), "no width × 100");
        StringAssert.Contains(Refused(data, Sized() with { ImageColumnName = "Size" }), "give one of them");
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidDataException>(() => ml.Keypoints.Evaluate(Load(new EvaluationRow
            {
                Keypoints = new float[6],
                Label = new float[6],
            }), new() { Skeleton = TestModels.Skeleton, ImageColumnName = "Size" })).Message,
            "column 'Size'");
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidOperationException>(() => ml.Keypoints.Evaluate(Load(), Sized())).Message, "no rows");
    }

    private sealed class ConfidentRow
    {
        [VectorType(6)]
        public float[] Keypoints { get; set; } = [];

        [VectorType(9)]
        public float[] Interleaved { get; set; } = [];

        [VectorType(3)]
        public float[] Size { get; set; } = [];

        [VectorType(6)]
        public float[] Label { get; set; } = [];
    }

    private static KeypointEvaluationOptions Sized() => new() { ImageWidth = 100, ImageHeight = 100, Skeleton = TestModels.Skeleton };

    private string Refused(IDataView data, KeypointEvaluationOptions options, string label = "Label") =>
        Assert.ThrowsExactly<ArgumentException>(() => ml.Keypoints.Evaluate(data, options, labelColumnName: label)).Message;

    private IDataView Load(params EvaluationRow[] rows) => ml.Data.LoadFromEnumerable(rows);
}
