using KeypointMl.Inference.Detection;
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
}
