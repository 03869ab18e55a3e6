using System.Numerics;
using KeypointMl.Data.Frames;
using KeypointMl.Inference.Detection;
using KeypointMl.Onnx.Model;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Metrics;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Training.Evaluation;
using KeypointMl.Training.Export;

namespace KeypointMl.Training.Tests.Export;

[TestClass]
public sealed class ExportedDetectorEvaluationTests
{
    [TestMethod]
    [DataRow(0)]
    [DataRow(5)]
    [DataRow(8)]
    [DataRow(11)]
    public void Measure_says_which_frame_cannot_be_read(int damaged)
    {
        var frames = new DamagedFrames(12, damaged);
        Vector2[][] poses = [.. Enumerable.Range(0, frames.Count).Select(_ => new Vector2[3])];
        using var labelled = new LabelledFrames(TestModels.Skeleton, frames, poses, new MetricProtocol(null, "test"));
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["detector.onnx"], TestModels.Detector());

        var error = Assert.ThrowsExactly<InvalidDataException>(() => ExportedDetectorEvaluation.Measure(
            folder["detector.onnx"], labelled, prior: null, new KeypointDetectorOptions { BatchSize = 8 }));

        Assert.AreEqual($"frame {damaged} is damaged", error.Message);
    }

    [TestMethod]
    public void Measure_on_labels_of_as_many_other_keypoints_is_refused_by_name()
    {
        var skeleton = new Skeleton("turned", [.. TestModels.Skeleton.Keypoints.Reverse()], []);
        using var labelled = new LabelledFrames(skeleton, new DamagedFrames(1, 1), [new Vector2[3]], new MetricProtocol(null, "test"));

        Assert.Contains("red, green, blue; the labels are of blue, green, red", Assert.ThrowsExactly<InvalidDataException>(
            () => ExportedDetectorEvaluation.Measure(TestModels.Detector(), labelled, prior: null)).Message);
    }

    [TestMethod]
    [DataRow(ExportPrecision.Float32)]
    [DataRow(ExportPrecision.Float16)]
    [DataRow(ExportPrecision.Int8)]
    public void DetectorCheck_refuses_a_single_difference_that_is_no_number(ExportPrecision precision)
    {
        var images = new byte[2 * TestModels.Width * TestModels.Height * 3];
        var keypoints = new float[2 * 3 * 2];
        var confidence = new float[2 * 3];
        var model = OnnxModel.Load(TestModels.Detector());
        new DetectorCheck(images, keypoints, confidence).Run(model, "black", precision); // of black images all are 0

        keypoints[5] = float.NaN;
        Assert.Contains("NaN", Assert.ThrowsExactly<InvalidOperationException>(
            () => new DetectorCheck(images, keypoints, confidence).Run(model, "black", precision)).Message);
    }

    [TestMethod]
    public void DetectorCheck_lets_single_peaks_jump_in_16_bits_and_refuses_many()
    {
        var images = new byte[2 * TestModels.Width * TestModels.Height * 3];
        var model = OnnxModel.Load(TestModels.Detector());

        Assert.AreEqual(2, Check(jumps: 1, readsPeaks: true));
        Assert.Contains("mean keypoint difference", Assert.ThrowsExactly<InvalidOperationException>(() => Check(2, true)).Message);
        Assert.Contains("largest keypoint difference", Assert.ThrowsExactly<InvalidOperationException>(() => Check(1, false)).Message);

        // The mean of twelve coordinates may be 1 % of 20 px.
        double Check(int jumps, bool readsPeaks) => new DetectorCheck(
            images, [.. Enumerable.Range(0, 12).Select(i => i < jumps ? 2f : 0)], new float[6])
        {
            ReadsPeaks = readsPeaks,
        }.Run(model, "black", ExportPrecision.Float16);
    }

    private sealed class DamagedFrames(int count, int damaged) : IFrameSet
    {
        public int Width => TestModels.Width;

        public int Height => TestModels.Height;

        public int Count => count;

        public IReadOnlyList<Clip> Clips { get; } = [new Clip("all", 0, count)];

        public FrameId GetId(int index) => new($"{index}", 0, "", Box.WholeImage(Width, Height));

        public void Read(int index, Span<byte> destination)
        {
            if (index == damaged)
                throw new InvalidDataException($"frame {index} is damaged");
            new Random(index).NextBytes(destination);
        }

        public void Dispose()
        {
        }
    }
}
