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
