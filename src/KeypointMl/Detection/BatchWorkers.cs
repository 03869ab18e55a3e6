using System.Runtime.ExceptionServices;

namespace KeypointMl.Detection;

/// <summary>
/// Decodes and runs the batches of one cursor, first come, first served, on the thread pool and on the cursor's own
/// thread while it waits. No thread is held while there is nothing to do, and what is done never waits for anything:
/// cursors can neither block each other nor be left behind by a busy pool.
/// </summary>
/// <param name="decode">Decodes one row of a batch; any thread. Must not throw.</param>
/// <param name="run">Runs the graph on a batch; any thread. What it throws goes into the batch.</param>
/// <param name="needsDecoding">Whether <paramref name="decode"/> does anything.</param>
/// <param name="decodeThreads">How many rows may be decoded at the same time.</param>
/// <param name="parallelRuns">How many batches may be in the graph at the same time.</param>
internal sealed class BatchWorkers(
    Action<ReadAheadBatch, int> decode, Action<ReadAheadBatch> run, bool needsDecoding, int decodeThreads, int parallelRuns)
    : IThreadPoolWorkItem
{
    private readonly object gate = new();
    private readonly Queue<ReadAheadBatch> decoding = new();
    private readonly Queue<ReadAheadBatch> ready = new();
    private int helpers;
    private int activeDecodes;
    private int activeRuns;

    /// <summary>Begins to work on a batch that was read.</summary>
    public void Submit(ReadAheadBatch batch)
    {
        lock (gate)
        {
            batch.Undecoded = needsDecoding ? batch.Rows : 0;
            (needsDecoding ? decoding : ready).Enqueue(batch);
            CallHelpers();
        }
    }

    /// <summary>Waits until a batch is done, working on what there is in the meantime.</summary>
    public void Wait(ReadAheadBatch batch)
    {
        while (true)
        {
            Work work = default;
            lock (gate)
            {
                while (!batch.IsDone && !TryTake(out work))
                    Monitor.Wait(gate);
                if (batch.IsDone)
                    return;
            }
            Do(work);
        }
    }

    /// <summary>Begins nothing more, and returns when what has begun is done.</summary>
    public void Stop()
    {
        lock (gate)
        {
            decoding.Clear();
            ready.Clear();
            while (activeDecodes + activeRuns > 0)
                Monitor.Wait(gate);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (true)
        {
            Work work;
            lock (gate)
            {
                if (!TryTake(out work))
                {
                    helpers--;
                    return;
                }
            }
            Do(work);
        }
    }

    private void Do(Work work)
    {
        if (work.Row >= 0)
            decode(work.Batch, work.Row);
        else
            Run(work.Batch);
        lock (gate)
        {
            if (work.Row < 0)
            {
                activeRuns--;
                work.Batch.IsDone = true;
            }
            else
            {
                activeDecodes--;
                if (--work.Batch.Undecoded == 0)
                    ready.Enqueue(work.Batch);
            }
            CallHelpers();
            Monitor.Pulse(gate);
        }
    }

    private void Run(ReadAheadBatch batch)
    {
        try
        {
            run(batch);
        }
        catch (Exception e)
        {
            batch.RunFailure = ExceptionDispatchInfo.Capture(e);
        }
    }

    private bool TryTake(out Work work)
    {
        if (activeRuns < parallelRuns && ready.TryDequeue(out ReadAheadBatch? batch))
        {
            activeRuns++;
            work = new Work(batch, -1);
            return true;
        }
        if (activeDecodes < decodeThreads && decoding.TryPeek(out batch))
        {
            activeDecodes++;
            work = new Work(batch, batch.NextToDecode++);
            if (batch.NextToDecode == batch.Rows)
                decoding.Dequeue();
            return true;
        }
        work = default;
        return false;
    }

    private void CallHelpers()
    {
        int rows = 0;
        foreach (ReadAheadBatch batch in decoding)
            rows += batch.Rows - batch.NextToDecode;
        int wanted = Math.Min(ready.Count, parallelRuns - activeRuns) + Math.Min(rows, decodeThreads - activeDecodes) + activeRuns
            + activeDecodes;
        for (; helpers < wanted; helpers++)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <param name="Batch">What to work on.</param>
    /// <param name="Row">The row to decode; −1 to run the graph.</param>
    private readonly record struct Work(ReadAheadBatch Batch, int Row);
}
