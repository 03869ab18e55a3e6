using KeypointMl.Inference.Detection;
using KeypointMl.Inference.Sessions;
using static KeypointMl.Tests.Inference.DotDetectors;

namespace KeypointMl.Tests.Inference;

[TestClass]
public sealed class BufferPoolTests
{
    [TestMethod]
    public void Detections_of_every_count_keep_memory_of_a_few_sizes_and_give_the_same()
    {
        using KeypointDetector detector = Load(Cpu with { BatchSize = 48 });
        byte[] images = [.. Enumerable.Range(0, 50).SelectMany(i => TestImages.Numbered(i).Pixels)];
        float[] expected = new float[50 * 6];
        detector.Detect(images, expected, []);

        for (int count = 1; count <= 50; count++)
        {
            float[] keypoints = new float[count * 6];
            detector.Detect(images.AsSpan(0, count * detector.Contract.ImageBytes), keypoints, []);
            CollectionAssert.AreEqual(expected[..keypoints.Length], keypoints, $"{count} images");
        }

        Assert.AreEqual(7, detector.BatchesKept); // 1, 2, 4, 8, 16, 32, 48
    }

    [TestMethod]
    public void Buffers_of_the_capacity_that_was_given_back_longest_ago_go_first()
    {
        var disposed = new List<int>();
        var pool = new BufferPool<Buffer>(capacity => new Buffer(() => disposed.Add(capacity)));
        int last = BufferPool<Buffer>.MostCapacities;
        for (int capacity = 1; capacity <= last; capacity++)
            pool.Return(capacity, pool.Rent(capacity));
        Buffer first = pool.Rent(1);
        pool.Return(1, first);
        Assert.AreEqual(last, pool.Kept);
        Assert.IsEmpty(disposed);

        pool.Return(last + 1, pool.Rent(last + 1));

        CollectionAssert.AreEqual(new[] { 2 }, disposed);
        Assert.AreSame(first, pool.Rent(1));
        pool.Dispose();
        Assert.AreEqual(0, pool.Kept);
        pool.Return(1, first);
        CollectionAssert.AreEquivalent(Enumerable.Range(1, last + 1).ToArray(), disposed);
        Assert.AreEqual(0, pool.Lent);
    }

    private sealed class Buffer(Action dispose) : IDisposable
    {
        public void Dispose() => dispose();
    }
}
