using KeypointMl.Imaging.Images;
using KeypointMl.Inference.Detection;
using KeypointMl.Inference.Devices;
using KeypointMl.Rows;
using KeypointMl.Serving;
using Microsoft.ML.Data;

namespace KeypointMl.Tests.MlNet;

/// <summary>What <see cref="KeypointPredictorPool"/> bounds: bytes, pixels, and what is left after a burst.</summary>
[TestClass]
public sealed class PoolBudgetTests
{
    // Only a test that fails waits so long.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [TestMethod]
    public async Task Predict_bounds_the_pixels_that_are_decoded_at_the_same_time_and_gives_bytes_back()
    {
        using KeypointDetector detector = Pooled();
        byte[] png = ImageWriter.EncodePng(TestImages.Draw([new(3, 2), new(9, 8), new(17, 14)], 40, 30));
        await using var pool = new KeypointPredictorPool(detector, new()
        {
            Concurrency = 4,
            MaxPixelsInFlight = 2 * 40 * 30,
            MaxBytesInFlight = 1,
        });

        // One byte is less than anybody needs: the requests then come one after the other, and none waits for ever.
        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => pool.PredictAsync(new MemoryStream(png)).AsTask())).WaitAsync(Patience);
        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => pool.PredictAsync(png.AsMemory()).AsTask())).WaitAsync(Patience);

        Assert.IsTrue(pool.PeakPixelsInFlight is > 0 and <= 2 * 40 * 30, $"{pool.PeakPixelsInFlight}");
        Assert.AreEqual(0, pool.BytesInFlight);
    }

    [TestMethod]
    public async Task Budget_is_taken_by_one_after_the_other_while_others_begin_and_end_to_wait()
    {
        var budget = new ByteBudget(1);
        async Task TakeTurns()
        {
            for (int i = 0; i < 30_000; i++)
            {
                using ByteBudget.Share share = budget.Open();
                await share.TakeAsync(1, CancellationToken.None);
            }
        }

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(TakeTurns))).WaitAsync(Patience);

        Assert.AreEqual(0, budget.Used);
    }

    [TestMethod]
    [DoNotParallelize]
    [DataRow(500, 400)]
    [DataRow(2000, 1500)]
    [DataRow(4000, 3000)]
    public async Task Memory_comes_back_after_a_burst_of_uploads(int width, int height)
    {
        using KeypointDetector detector = Pooled();
        await using var pool = new KeypointPredictorPool(detector, new()
        {
            Concurrency = 2,
            MaxBytesInFlight = 32 << 20,
            MaxPixelsInFlight = 2L * width * height,
        });
        // What follows the end of a PNG is not looked at: uploads of 4 MB whose pictures decode quickly.
        byte[] upload = [.. ImageWriter.EncodePng(new RgbImage(width, height)), .. new byte[4 << 20]];
        await BurstAsync(2);
        long before = GC.GetTotalMemory(forceFullCollection: true);

        await BurstAsync(60);
        long after = GC.GetTotalMemory(forceFullCollection: true);

        Assert.AreEqual(0, pool.BytesInFlight);
        Assert.IsLessThanOrEqualTo(ImageBlocks.MaxKept, ImageBlocks.Kept);
        // 60 uploads have 240 MB, and up to 4 GB of pixels. A thread of the pool may keep small arrays.
        Assert.IsLessThan(16L << 20, after - before);

        async Task BurstAsync(int uploads) =>
            await Task.WhenAll(Enumerable.Range(0, uploads).Select(_ => pool.PredictAsync(new MemoryStream(upload)).AsTask()))
            .WaitAsync(TimeSpan.FromMinutes(2));
    }

    [TestMethod]
    [DoNotParallelize]
    public async Task Memory_comes_back_after_a_burst_of_images_in_memory()
    {
        using KeypointDetector detector = Pooled();
        await using var pool = new KeypointPredictorPool(detector, new() { Concurrency = 2 });
        using MLImage small = MlImagePixels.ToMlImage(new RgbImage(50, 40));
        await pool.PredictAsync(small);
        long before = GC.GetTotalMemory(forceFullCollection: true);

        using MLImage large = Made();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => pool.PredictAsync(large).AsTask())).WaitAsync(TimeSpan.FromMinutes(2));
        long after = GC.GetTotalMemory(forceFullCollection: true);

        Assert.IsLessThanOrEqualTo(ImageBlocks.MaxKept, ImageBlocks.Kept);
        // A copy of the pixels has 36 MB for the detector and 48 MB for ML.NET.
        Assert.IsLessThan(16L << 20, after - before);

        static MLImage Made() => MlImagePixels.ToMlImage(new RgbImage(4000, 3000));
    }

    [TestMethod]
    public async Task Predict_of_more_bytes_than_one_image_may_have_is_refused_from_wherever_they_come()
    {
        using var folder = new TemporaryFolder();
        using KeypointDetector detector = Pooled();
        await using var pool = new KeypointPredictorPool(detector, new() { MaxEncodedBytes = 1000 });

        await KeypointPredictorPoolTests.Refused<InvalidDataException>(
            pool.PredictAsync(new MemoryStream(new byte[1001])), "more than 1,000 bytes");
        await KeypointPredictorPoolTests.Refused<InvalidDataException>(
            pool.PredictAsync(new byte[1001].AsMemory()), "more than 1,000 bytes");
        await KeypointPredictorPoolTests.Refused<InvalidDataException>(
            pool.PredictAsync(folder.Write("large.png", new byte[1001])), "more than 1,000 bytes");
        Assert.AreEqual(0, pool.BytesInFlight);
    }

    [TestMethod]
    public async Task ByteBudget_lets_the_first_two_go_on_and_the_others_wait_until_there_is_room()
    {
        var budget = new ByteBudget(100);
        using ByteBudget.Share slow = budget.Open();
        using ByteBudget.Share first = budget.Open();
        ByteBudget.Share second = budget.Open();
        using ByteBudget.Share third = budget.Open();
        await slow.TakeAsync(1, default);
        await first.TakeAsync(60, default);
        await second.TakeAsync(39, default);

        Task waiting = third.TakeAsync(10, default).AsTask();
        await first.TakeAsync(50, default);
        Assert.IsFalse(waiting.IsCompleted);
        second.Dispose();
        Assert.IsFalse(waiting.IsCompleted, "the first two hold more than there are");
        first.Dispose();
        await waiting.WaitAsync(Patience);
        slow.Dispose();

        Assert.AreEqual(10, budget.Used);
        using var stop = new CancellationTokenSource();
        using ByteBudget.Share next = budget.Open();
        using ByteBudget.Share fourth = budget.Open();
        Task cancelled = fourth.TakeAsync(95, stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => cancelled.WaitAsync(Patience));
        fourth.Dispose();
        Assert.AreEqual(10, budget.Used);
    }

    private static KeypointDetector Pooled() =>
        KeypointDetector.Load(TestModels.Detector(), "detector.onnx", new() { Device = KeypointDevice.Cpu, IntraOpThreads = 1 });

    [TestMethod]
    public async Task Upload_that_stalls_holds_up_no_others()
    {
        using KeypointDetector detector = Pooled();
        byte[] upload = [.. ImageWriter.EncodePng(TestImages.Numbered(3)), .. new byte[300 << 10]];
        await using var pool = new KeypointPredictorPool(detector, new() { MaxBytesInFlight = 256 << 10 });
        var slow = new StalledStream(upload);
        Task first = pool.PredictAsync(slow).AsTask();
        await slow.Stalled.WaitAsync(Patience);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => pool.PredictAsync(new MemoryStream(upload)).AsTask())).WaitAsync(Patience);

        Assert.IsFalse(first.IsCompleted);
        slow.GoOn();
        await first.WaitAsync(Patience);
        Assert.AreEqual(0, pool.BytesInFlight);
    }

    /// <summary>Stands still after its first bytes.</summary>
    private sealed class StalledStream(byte[] bytes) : Stream
    {
        private readonly MemoryStream inner = new(bytes);
        private readonly TaskCompletionSource stalled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource goesOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Stalled => stalled.Task;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public void GoOn() => goesOn.SetResult();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (inner.Position == 0)
                return inner.Read(buffer.Span[..10]);
            stalled.TrySetResult();
            await goesOn.Task;
            return inner.Read(buffer.Span);
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
