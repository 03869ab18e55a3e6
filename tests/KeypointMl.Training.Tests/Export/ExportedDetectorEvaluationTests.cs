using System.Numerics;
using KeypointMl.Data.Frames;
using KeypointMl.Inference.Detection;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Metrics;
using KeypointMl.Training.Evaluation;

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
