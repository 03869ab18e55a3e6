using KeypointMl.Inference.Streaming;

namespace KeypointMl.Tests.Inference;

[TestClass]
public sealed class StreamWorkersTests
{
    // Only a test that fails waits so long.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Decoding_goes_on_while_the_graph_runs(bool ownThreads)
    {
        using var isDecoded = new ManualResetEventSlim();
        bool overlapped = false;
        Finish(1, 1, ownThreads, decodeThreads: 1, parallelRuns: 1, _ => isDecoded.Set(), () => overlapped = isDecoded.Wait(Patience));
        Assert.IsTrue(overlapped, "decoding began only after the run");
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Runs_are_at_the_same_time_as_far_as_allowed(bool ownThreads)
    {
        using var both = new CountdownEvent(2);
        int met = 0;
        Finish(2, 0, ownThreads, decodeThreads: 1, parallelRuns: 2, _ => { },
            () => Interlocked.Add(ref met, both.Signal() || both.Wait(Patience) ? 1 : 0));
        Assert.AreEqual(2, met);
    }

    [TestMethod]
    [DataRow(1, 1, false)]
    [DataRow(3, 2, false)]
    [DataRow(3, 2, true)]
    public void Everything_is_done_once_and_limits_hold(int decodeThreads, int parallelRuns, bool ownThreads)
    {
        var decoded = new int[140];
        int decodes = 0, runs = 0, done = 0, wrong = 0;
        Finish(20, decoded.Length, ownThreads, decodeThreads, parallelRuns,
            number =>
            {
                if (Interlocked.Increment(ref decodes) > decodeThreads)
                    Interlocked.Increment(ref wrong);
                Interlocked.Increment(ref decoded[number]);
                Thread.Yield();
                Interlocked.Decrement(ref decodes);
            },
            () =>
            {
                if (Interlocked.Increment(ref runs) > parallelRuns)
                    Interlocked.Increment(ref wrong);
                Interlocked.Increment(ref done);
                Thread.Yield();
                Interlocked.Decrement(ref runs);
            });
        Assert.AreEqual(0, wrong);
        Assert.AreEqual(20, done);
        Assert.IsTrue(decoded.All(count => count == 1));
    }

    [TestMethod]
    public void Who_waits_does_what_it_has_taken_though_the_wait_is_over_meanwhile()
    {
        using var threads = new WorkThreads(1, "test");
        using var mayEnd = new ManualResetEventSlim();
        threads.RunAsync(() => mayEnd.Wait(Patience)); // the only helper is busy
        var done = new TaskCompletionSource();
        int runs = 0;
        var workers = new StreamWorkers(new StreamOptions(1, 1, 1)
        {
            Threads = threads,
            Waiting = change =>
            {
                if (change < 0)
                    done.SetResult(); // while the run is taken
            },
        });
        workers.Run(() => runs++);

        workers.Wait(done.Task);

        Assert.AreEqual(1, runs);
        mayEnd.Set();
        workers.Stop();
    }

    [TestMethod]
    public void Stop_waits_for_what_has_begun_and_begins_nothing_more()
    {
        using var begun = new ManualResetEventSlim();
        using var mayEnd = new ManualResetEventSlim();
        int decoded = 0, runs = 0, waiting = 0;
        var workers = new StreamWorkers(new StreamOptions(1, 1, 1) { Waiting = change => waiting += change });
        for (int i = 0; i < 5; i++)
        {
            workers.Decode(() =>
            {
                begun.Set();
                mayEnd.Wait(Patience);
                Interlocked.Increment(ref decoded);
                // What was decoded may complete a batch.
                workers.Run(() => Interlocked.Increment(ref runs));
            });
        }
        Assert.IsTrue(begun.Wait(Patience));
        var stopping = new Thread(workers.Stop);
        stopping.Start();
        Assert.IsTrue(SpinWait.SpinUntil(() => stopping.ThreadState.HasFlag(ThreadState.WaitSleepJoin), Patience),
            "it does not wait for what has begun");
        mayEnd.Set();
        Assert.IsTrue(stopping.Join(Patience));
        int atStop = decoded;
        workers.Stop();
        Assert.AreEqual(1, atStop);
        Assert.AreEqual(1, decoded);
        Assert.AreEqual(0, runs);
        Assert.AreEqual(0, waiting);
    }

    private static void Finish(
        int runs, int decodes, bool ownThreads, int decodeThreads, int parallelRuns, Action<int> decode, Action run)
    {
        using WorkThreads? threads = ownThreads ? new WorkThreads(decodeThreads + parallelRuns, "test") : null;
        var workers = new StreamWorkers(new StreamOptions(1, 1, 1)
        {
            DecodeThreads = decodeThreads,
            ParallelRuns = parallelRuns,
            Threads = threads,
        });
        var all = new List<Task>();
        Action Watched(Action work)
        {
            var task = new Task(work);
            all.Add(task);
            return () => task.RunSynchronously();
        }
        for (int i = 0; i < Math.Max(runs, decodes); i++)
        {
            int number = i;
            if (number < runs)
                workers.Run(Watched(run));
            if (number < decodes)
                workers.Decode(Watched(() => decode(number)));
        }
        foreach (Task task in all)
        {
            if (ownThreads)
                Assert.IsTrue(task.Wait(Patience), "its own threads did not come");
            else
                workers.Wait(task);
        }
        workers.Stop();
    }
}
