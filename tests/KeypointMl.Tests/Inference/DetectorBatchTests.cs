using KeypointMl.Inference.Contracts;
using KeypointMl.Inference.Detection;
using KeypointMl.Onnx.Model;
using static KeypointMl.Tests.Inference.DotDetectors;

namespace KeypointMl.Tests.Inference;

[TestClass]
public sealed class DetectorBatchTests
{
    [TestMethod]
    public void Batch_of_a_disposed_detector_throws()
    {
        KeypointDetector detector = Load(Cpu);
        using DetectorBatch batch = detector.RentBatch(2);
        detector.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => batch.Run(1));
        Assert.ThrowsExactly<ObjectDisposedException>(() => detector.RentBatch(1));
    }

    [TestMethod]
    public void Batch_given_back_is_not_usable_and_its_memory_is_reused()
    {
        using KeypointDetector detector = Load(Cpu);
        DetectorBatch first = detector.RentBatch(2);
        first.Image(1).Span.Fill(17);
        first.Dispose();
        first.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => first.Image(0));
        using DetectorBatch second = detector.RentBatch(2);
        using DetectorBatch third = detector.RentBatch(2);
        Assert.AreEqual(17, second.Image(1).Span[0]);
        Assert.IsFalse(second.Image(0).Span.Overlaps(third.Image(0).Span));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => second.Image(2));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => second.Run(3));
    }

    [TestMethod]
    public void Batch_padded_gives_the_same_bits_and_runs_all_its_slots()
    {
        using KeypointDetector plain = Load(Cpu);
        using KeypointDetector padded = Load(Cpu with { PadBatches = true });
        using DetectorBatch expected = plain.RentBatch(5);
        using DetectorBatch actual = padded.RentBatch(5);
        for (int count = 5; count > 0; count--)
        {
            for (int i = 0; i < 5; i++)
            {
                TestImages.Numbered(i + count).Pixels.CopyTo(expected.Image(i));
                TestImages.Numbered(i + count).Pixels.CopyTo(actual.Image(i));
            }
            expected.Run(count);
            actual.Run(count);
            for (int i = 0; i < count; i++)
            {
                CollectionAssert.AreEqual(expected.Keypoints(i).ToArray(), actual.Keypoints(i).ToArray());
                CollectionAssert.AreEqual(expected.Confidence(i).ToArray(), actual.Confidence(i).ToArray());
            }
            // The other slots went through the graph as black images, which have no brightness.
            for (int i = count; i < 5; i++)
                Assert.IsTrue(actual.Confidence(i).ToArray().All(value => value == 0));
        }
    }

    [TestMethod]
    public void Padded_detector_runs_batches_of_one_size_whatever_the_number_of_images()
    {
        using KeypointDetector padded = Load(Cpu with { PadBatches = true, BatchSize = 4 });
        foreach (int count in (int[])[1, 2, 3, 4, 9])
        {
            byte[] images = [.. Enumerable.Range(0, count).SelectMany(i => TestImages.Numbered(i).Pixels.ToArray())];
            padded.Detect(images, new float[count * padded.KeypointCount * 2], []);
        }
        padded.Detect(TestImages.Numbered(1));
        Assert.AreEqual(1, padded.BatchesKept, "all calls used the same memory of 4 images");
    }

    [TestMethod]
    public void Batch_of_more_bytes_than_an_array_can_have_is_refused_with_the_largest_that_fits()
    {
        OnnxDimension n = "N";
        byte[] large = TestModels.Signature(
            TestModels.Metadata(ModelKind.Detector),
            [new("image", OnnxElementType.UInt8, [n, 837, 837, 3])],
            [new("keypoints", OnnxElementType.Float, [n, 3, 2]), new("confidence", OnnxElementType.Float, [n, 3])]);
        using KeypointDetector detector = KeypointDetector.Load(large, "large.onnx", Cpu with { BatchSize = 1024 });

        // 2³¹ bytes and a little
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => detector.RentBatch(1024));

        Assert.Contains("1024 images of 837×837 pixels", error.Message);
        Assert.Contains("at most 1021", error.Message);
        using DetectorBatch small = detector.RentBatch(2);
        Assert.AreEqual(2, small.Capacity);
    }
}
