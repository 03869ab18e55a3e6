using KeypointMl.Data.Frames;
using KeypointMl.Data.Loading;
using KeypointMl.Data.Pairs;

namespace KeypointMl.Tests.Data;

[TestClass]
public sealed class PrefetchingLoaderTests
{
    [TestMethod]
    [DataRow(1, 2)]
    [DataRow(4, 6)]
    public void Batches_hold_the_sampled_frames_in_the_order_of_steps(int threads, int buffers)
    {
        using MemoryFrameSet frames = TestSkeletons.Frames(40, 60);
        var sampler = new FramePairSampler(frames.Clips, 1, 20, 3);
        using var loader = new PrefetchingLoader(frames, sampler, batchSize: 5, threads: threads, buffers: buffers);

        for (long step = 0; step < 40; step++)
        {
            using FrameBatch batch = loader.Next();
            Assert.AreEqual(step, batch.Step);
            for (int n = 0; n < 5; n++)
            {
                Assert.AreEqual(sampler.Sample(step, n), (batch.XIndices[n], batch.StyleIndices[n]));
                Assert.IsTrue(batch.X.AsSpan(n * 24, 24).IndexOfAnyExcept((byte)batch.XIndices[n]) < 0);
                Assert.IsTrue(batch.Style.AsSpan(n * 24, 24).IndexOfAnyExcept((byte)batch.StyleIndices[n]) < 0);
            }
        }
    }

    [TestMethod]
    public void Loader_that_starts_later_gives_what_an_uninterrupted_one_gives()
    {
        using MemoryFrameSet frames = TestSkeletons.Frames(100);
        var sampler = new FramePairSampler(frames.Clips, 1, 20, 3);
        using var uninterrupted = new PrefetchingLoader(frames, sampler, 4);
        using var resumed = new PrefetchingLoader(frames, sampler, 4, firstStep: 7, threads: 2);
        for (int step = 0; step < 7; step++)
            uninterrupted.Next().Dispose();

        using FrameBatch expected = uninterrupted.Next();
        using FrameBatch actual = resumed.Next();

        Assert.AreEqual(7, actual.Step);
        CollectionAssert.AreEqual(expected.X, actual.X);
        CollectionAssert.AreEqual(expected.Style, actual.Style);
    }

    [TestMethod]
    public void Buffers_are_reused_after_dispose_and_a_second_dispose_is_harmless()
    {
        using MemoryFrameSet frames = TestSkeletons.Frames(10);
        using var loader = new PrefetchingLoader(frames, new FramePairSampler(frames.Clips, 1, 5, 1), 2, buffers: 2);
        var buffers = new HashSet<byte[]>(ReferenceEqualityComparer.Instance);
        for (int step = 0; step < 20; step++)
        {
            FrameBatch batch = loader.Next();
            buffers.Add(batch.X);
            batch.Dispose();
            batch.Dispose();
        }

        Assert.HasCount(2, buffers);
    }

    [TestMethod]
    [Timeout(20_000, CooperativeCancellation = true)]
    public void Failing_frame_surfaces_to_the_consumer()
    {
        using var frames = new FailingFrames(TestSkeletons.Frames(10));
        using var loader = new PrefetchingLoader(frames, new FramePairSampler(frames.Clips, 1, 5, 1), 2);

        var error = Assert.ThrowsExactly<InvalidDataException>(() => loader.Next());

        Assert.AreEqual("frame is damaged", error.Message);
    }

    [TestMethod]
    [Timeout(20_000, CooperativeCancellation = true)]
    public void Cancelled_call_leaves_its_step_to_the_next()
    {
        using var go = new ManualResetEventSlim();
        using var frames = new WaitingFrames(TestSkeletons.Frames(10), go);
        using var loader = new PrefetchingLoader(frames, new FramePairSampler(frames.Clips, 1, 5, 1), 2, buffers: 2);
        for (int i = 0; i < 3; i++)
        {
            using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));
            Assert.Throws<OperationCanceledException>(() => loader.Next(cancellation.Token));
        }
        go.Set();

        for (long step = 0; step < 5; step++)
        {
            using FrameBatch batch = loader.Next();
            Assert.AreEqual(step, batch.Step);
        }
    }

    [TestMethod]
    [Timeout(20_000, CooperativeCancellation = true)]
    public void Waiting_consumer_is_cancelled_and_dispose_ends_the_readers()
    {
        using MemoryFrameSet frames = TestSkeletons.Frames(10);
        var loader = new PrefetchingLoader(frames, new FramePairSampler(frames.Clips, 1, 5, 1), 2, buffers: 2);
        using FrameBatch kept = loader.Next();
        using FrameBatch alsoKept = loader.Next(); // no buffer is left
        using var cancellation = new CancellationTokenSource();
        Task<FrameBatch> waiting = Task.Run(() => loader.Next(cancellation.Token));

        cancellation.Cancel();

        Assert.Throws<OperationCanceledException>(() => waiting.GetAwaiter().GetResult());
        loader.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => loader.Next());
    }

    private sealed class WaitingFrames(MemoryFrameSet inner, ManualResetEventSlim go) : IFrameSet
    {
        public int Width => inner.Width;

        public int Height => inner.Height;

        public int Count => inner.Count;

        public IReadOnlyList<Clip> Clips => inner.Clips;

        public FrameId GetId(int index) => inner.GetId(index);

        public void Read(int index, Span<byte> destination)
        {
            go.Wait();
            inner.Read(index, destination);
        }

        public void Dispose() => inner.Dispose();
    }

    private sealed class FailingFrames(IFrameSet inner) : IFrameSet
    {
        public int Width => inner.Width;

        public int Height => inner.Height;

        public int Count => inner.Count;

        public IReadOnlyList<Clip> Clips => inner.Clips;

        public FrameId GetId(int index) => inner.GetId(index);

        public void Read(int index, Span<byte> destination) => throw new InvalidDataException("frame is damaged");

        public void Dispose() => inner.Dispose();
    }
}
