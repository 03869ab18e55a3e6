using KeypointMl.Inference.Detection;
using KeypointMl.Inference.Streaming;

namespace KeypointMl.Tests.Inference;

[TestClass]
public sealed class DetectionStreamTests
{
    // Only a test that fails waits so long.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly KeypointDetector detector = DotDetectors.Load(DotDetectors.Cpu);

    [TestCleanup]
    public void Cleanup()
    {
        Assert.AreEqual(0, detector.BatchesLent);
        detector.Dispose();
    }

    [TestMethod]
    [DataRow(1, 3)]
    [DataRow(4, 3)]
    [DataRow(64, 2)]
    public void Every_row_comes_in_order_to_the_one_that_reads(int batchSize, int batches)
    {
        var source = new NumberedSource(50);
        using DetectionStream<int> stream = Open(source, Places(batchSize, batches) with { DecodeThreads = 2, ParallelRuns = 2 });
        while (stream.MoveNext())
            source.Check(stream.Current!);
        Assert.IsNull(stream.Current);
        Assert.IsFalse(stream.MoveNext());
        Assert.AreEqual(50, source.Checked);
    }

    [TestMethod]
    [DataRow(1, 3, 1, 1)]
    [DataRow(4, 2, 3, 2)]
    [DataRow(4, 2, 30, 3)]
    [DataRow(64, 2, 5, 3)]
    public async Task Every_row_comes_in_order_where_another_thread_reads(int batchSize, int batches, int together, int ahead)
    {
        var source = new NumberedSource(50, together);
        await WalkAsync(source, new StreamOptions(batchSize, batches, ahead) { DecodeThreads = 2, ParallelRuns = 2 });
        Assert.AreEqual(50, source.Checked);
    }

    [TestMethod]
    public void No_rows_end_at_once()
    {
        using DetectionStream<int> stream = Open(new NumberedSource(0), Places(4, 2));
        Assert.IsFalse(stream.MoveNext());
        Assert.IsFalse(stream.MoveNext());
    }

    [TestMethod]
    [DataRow(true, new[] { 8, 8, 8, 8, 8 })]
    [DataRow(false, new[] { 12, 16, 8, 4 })]
    public void Rows_that_failed_take_places_or_none(bool keepPlaces, int[] expectedRows)
    {
        var source = new NumberedSource(40) { Fails = number => number is 0 or 3 or 6 or 7 or >= 16 and < 24 };
        using DetectionStream<int> stream = Open(source, new StreamOptions(8, 2, 41) { RowsKeepPlaces = keepPlaces });
        var counts = new List<int>();
        while (stream.MoveNext())
        {
            StreamBatch<int> batch = stream.Current!;
            source.Check(batch);
            counts.Add(batch.Rows);
            Assert.AreEqual(Enumerable.Range(0, batch.Rows).Any(batch.HasImage), batch.RunTime > TimeSpan.Zero);
        }
        Assert.AreEqual(40, source.Checked);
        CollectionAssert.AreEqual(expectedRows, counts);
    }

    [TestMethod]
    public async Task Many_failures_in_a_row_do_not_gather_in_one_batch()
    {
        var source = new NumberedSource(100) { Fails = number => number != 70 };
        int[] counts = await WalkAsync(source, new StreamOptions(4, 2, 2));
        Assert.AreEqual(100, source.Checked);
        CollectionAssert.AreEqual(new[] { 16, 16, 16, 16, 16, 16, 4 }, counts);
    }

    [TestMethod]
    public async Task Items_without_rows_leave_no_gap()
    {
        var source = new NumberedSource(300) { FallsAway = number => number % 3 != 0 && number % 100 != 1 };
        int[] counts = await WalkAsync(source, new StreamOptions(4, 2, 2));
        // Every third row, and 1 and 101 (201 is a third one).
        CollectionAssert.AreEqual(Enumerable.Repeat(4, 25).Append(2).ToArray(), counts);
    }

    [TestMethod]
    public void No_more_is_read_than_the_ring_holds()
    {
        var source = new NumberedSource(100);
        using DetectionStream<int> stream = Open(source, Places(4, 3));
        for (int batch = 1; batch <= 5; batch++)
        {
            Assert.IsTrue(stream.MoveNext());
            Assert.AreEqual(4 * (batch + 2), source.Taken);
        }
    }

    [TestMethod]
    public void Failure_of_the_input_comes_behind_the_rows_before_it()
    {
        var source = new NumberedSource(50) { Breaks = 10 };
        using DetectionStream<int> stream = Open(source, Places(4, 8));
        for (int batch = 0; batch < 3; batch++)
        {
            Assert.IsTrue(stream.MoveNext());
            source.Check(stream.Current!);
        }
        Assert.AreEqual(10, source.Checked);
        Assert.ThrowsExactly<TimeoutException>(() => stream.MoveNext());
    }

    [TestMethod]
    public void Failure_of_decoding_comes_behind_the_rows_before_it()
    {
        var source = new NumberedSource(20) { Throws = 7 };
        using DetectionStream<int> stream = Open(source, Places(4, 3));
        for (int batch = 0; batch < 2; batch++)
        {
            Assert.IsTrue(stream.MoveNext());
            source.Check(stream.Current!);
        }
        Assert.AreEqual(7, source.Checked);
        Assert.ThrowsExactly<TimeoutException>(() => stream.MoveNext());
    }

    [TestMethod]
    public void Failure_of_a_run_is_thrown_at_its_batch()
    {
        var source = new NumberedSource(20);
        using DetectionStream<int> stream = Open(source, Places(4, 3));
        Assert.IsTrue(stream.MoveNext());
        detector.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() =>
        {
            while (stream.MoveNext())
                source.Check(stream.Current!);
        });
    }

    [TestMethod]
    public async Task Cancellation_ends_both_ends_and_Dispose_lets_go_of_all_memory()
    {
        var source = new NumberedSource(1000, together: 3);
        using var stop = new CancellationTokenSource();
        using var threads = new WorkThreads(3, "test");
        using DetectionStream<int> stream = Open(source, new StreamOptions(4, 3, 2) { Threads = threads });
        Task reading = threads.RunAsync(() => stream.ReadAll(stop.Token));
        Assert.IsTrue(await stream.MoveNextAsync(stop.Token).AsTask().WaitAsync(Patience));
        await stop.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => reading.WaitAsync(Patience));
        // Four items fill the batches; the last of them and another are ahead.
        Assert.IsLessThanOrEqualTo(15, source.Taken);
        await Assert.ThrowsAsync<OperationCanceledException>(async () =>
        {
            do
                source.Check(stream.Current!);
            while (await stream.MoveNextAsync(stop.Token).AsTask().WaitAsync(Patience));
        });
    }

    [TestMethod]
    [DoNotParallelize]
    public void Reader_at_a_pool_that_is_busy_works_itself()
    {
        using var mayEnd = new ManualResetEventSlim();
        ThreadPool.GetMinThreads(out int workers, out _);
        // More than the pool starts at once, so that help comes late at best.
        Task[] busy = [.. Enumerable.Range(0, 2 * workers).Select(_ => Task.Run(() => mayEnd.Wait(Patience)))];
        try
        {
            var source = new NumberedSource(20);
            using DetectionStream<int> stream = Open(source, Places(4, 3));
            while (stream.MoveNext())
                source.Check(stream.Current!);
            Assert.AreEqual(20, source.Checked);
            Assert.IsFalse(busy.Any(task => task.IsCompleted));
        }
        finally
        {
            mayEnd.Set();
            Task.WaitAll(busy);
        }
    }

    private static StreamOptions Places(int batchSize, int batches) =>
        new(batchSize, batches, batchSize * batches) { RowsKeepPlaces = true };

    private async Task<int[]> WalkAsync(NumberedSource source, StreamOptions options)
    {
        using var threads = new WorkThreads(options.DecodeThreads + options.ParallelRuns + 1, "test");
        using DetectionStream<int> stream = Open(source, options with { Threads = threads });
        Task reading = threads.RunAsync(() => stream.ReadAll(CancellationToken.None));
        var counts = new List<int>();
        while (await stream.MoveNextAsync(CancellationToken.None).AsTask().WaitAsync(Patience))
        {
            source.Check(stream.Current!);
            counts.Add(stream.Current!.Rows);
        }
        await reading.WaitAsync(Patience);
        Assert.IsFalse(await stream.MoveNextAsync(CancellationToken.None));
        return [.. counts];
    }

    private DetectionStream<int> Open(NumberedSource source, StreamOptions options) => new(detector, options, source.Read);
}
