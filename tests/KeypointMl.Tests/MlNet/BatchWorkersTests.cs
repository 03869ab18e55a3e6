using KeypointMl.Detection;
using KeypointMl.Inference.Detection;

namespace KeypointMl.Tests.MlNet;

[TestClass]
public sealed class BatchWorkersTests
{
    // Only a test that fails waits so long.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly KeypointDetector Detector =
        KeypointDetector.Load(TestModels.Detector(), "detector.onnx", TestData.Options.Detector);

    [ClassCleanup]
    public static void Cleanup() => Detector.Dispose();

    [TestMethod]
    public void Rows_are_decoded_while_the_graph_runs()
    {
        ReadAheadBatch[] batches = Batches(2, rows: 1);
        using var secondIsDecoded = new ManualResetEventSlim();
        bool overlapped = false;
        var workers = new BatchWorkers(
            (batch, _) =>
            {
                if (batch == batches[1])
                    secondIsDecoded.Set();
            },
            batch => overlapped |= batch == batches[0] && secondIsDecoded.Wait(Patience),
            needsDecoding: true,
            decodeThreads: 1,
            parallelRuns: 1);
        Finish(workers, batches);
        Assert.IsTrue(overlapped, "the second batch was decoded only after the first batch's run");
    }

    [TestMethod]
    public void Batches_run_at_the_same_time_as_far_as_allowed()
    {
        ReadAheadBatch[] batches = Batches(2, rows: 1);
        using var both = new CountdownEvent(2);
        int met = 0;
        var workers = new BatchWorkers((_, _) => { }, _ => Interlocked.Add(ref met, both.Signal() || both.Wait(Patience) ? 1 : 0),
            needsDecoding: false, decodeThreads: 1, parallelRuns: 2);
        Finish(workers, batches);
        Assert.AreEqual(2, met);
    }

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(3, 2)]
    public void Every_row_is_decoded_once_before_its_batch_runs_once_and_limits_hold(int decodeThreads, int parallelRuns)
    {
        ReadAheadBatch[] batches = Batches(20, rows: 7);
        var decoded = new int[20, 7];
        var run = new int[20];
        int decodes = 0, runs = 0, wrong = 0;
        var workers = new BatchWorkers(
            (batch, row) =>
            {
                if (Interlocked.Increment(ref decodes) > decodeThreads)
                    Interlocked.Increment(ref wrong);
                Interlocked.Increment(ref decoded[Array.IndexOf(batches, batch), row]);
                Thread.Yield();
                Interlocked.Decrement(ref decodes);
            },
            batch =>
            {
                int number = Array.IndexOf(batches, batch);
                if (Interlocked.Increment(ref runs) > parallelRuns
                    || Enumerable.Range(0, 7).Any(row => Volatile.Read(ref decoded[number, row]) != 1))
                    Interlocked.Increment(ref wrong);
                Interlocked.Increment(ref run[number]);
                Interlocked.Decrement(ref runs);
            },
            needsDecoding: true,
            decodeThreads,
            parallelRuns);
        Finish(workers, batches);
        Assert.AreEqual(0, wrong);
        Assert.IsTrue(run.All(count => count == 1));
        Assert.IsTrue(decoded.Cast<int>().All(count => count == 1));
    }

    [TestMethod]
    public void Run_that_throws_fails_its_batch_alone()
    {
        ReadAheadBatch[] batches = Batches(3, rows: 2);
        var workers = new BatchWorkers((_, _) => { }, batch =>
        {
            if (batch == batches[1])
                throw new TimeoutException();
        }, needsDecoding: true, decodeThreads: 2, parallelRuns: 1);
        Finish(workers, batches);
        CollectionAssert.AreEqual(new Type?[] { null, typeof(TimeoutException), null },
            batches.Select(batch => batch.RunFailure?.SourceException.GetType()).ToArray());
    }

    [TestMethod]
    public void Stop_waits_for_what_has_begun_and_begins_nothing_more()
    {
        ReadAheadBatch[] batches = Batches(2, rows: 5);
        using var begun = new ManualResetEventSlim();
        using var mayEnd = new ManualResetEventSlim();
        int decoded = 0, runs = 0;
        var workers = new BatchWorkers(
            (_, _) =>
            {
                begun.Set();
                mayEnd.Wait(Patience);
                Interlocked.Increment(ref decoded);
            },
            _ => Interlocked.Increment(ref runs),
            needsDecoding: true,
            decodeThreads: 1,
            parallelRuns: 1);
        foreach (ReadAheadBatch batch in batches)
            workers.Submit(batch);
        Assert.IsTrue(begun.Wait(Patience));
        var stopping = new Thread(workers.Stop);
        stopping.Start();
        Assert.IsTrue(SpinWait.SpinUntil(() => stopping.ThreadState.HasFlag(ThreadState.WaitSleepJoin), Patience),
            "it does not wait for the row that has begun");
        mayEnd.Set();
        Assert.IsTrue(stopping.Join(Patience));
        int atStop = decoded;
        workers.Stop();
        Assert.AreEqual(1, atStop);
        Assert.AreEqual(1, decoded);
        Assert.AreEqual(0, runs);
    }

    private static ReadAheadBatch[] Batches(int count, int rows) =>
        [.. Enumerable.Range(0, count).Select(i => new ReadAheadBatch(Detector.RentBatch(rows), i * rows) { Rows = rows })];

    private static void Finish(BatchWorkers workers, ReadAheadBatch[] batches)
    {
        foreach (ReadAheadBatch batch in batches)
            workers.Submit(batch);
        foreach (ReadAheadBatch batch in batches)
            workers.Wait(batch);
        workers.Stop();
        foreach (ReadAheadBatch batch in batches)
            batch.Detection.Dispose();
    }
}
