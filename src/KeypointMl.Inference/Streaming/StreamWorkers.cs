namespace KeypointMl.Inference.Streaming;

/// <summary>
/// Decodes and runs the graph for one stream, first come, first served: on the thread pool, and on the thread that waits
/// for a batch; or on threads that are kept for it. No thread is held while there is nothing to do, and what is done
/// never waits for anything: streams can neither block each other nor be left behind by a busy pool.
/// </summary>
/// <param name="options">How much is done at the same time, and where.</param>
internal sealed class StreamWorkers(StreamOptions options) : IThreadPoolWorkItem
{
    private readonly object gate = new();
    private readonly Queue<Action> decoding = new();
    private readonly Queue<Action> running = new();
    private int helpers;
    private int activeDecodes;
    private int activeRuns;
    private bool stopped;

    /// <summary>Begins to decode; what is done must not throw.</summary>
    public void Decode(Action decode)
    {
        lock (gate)
        {
            decoding.Enqueue(decode);
            CallHelpers();
        }
    }

    /// <summary>Begins to run the graph; what is done must not throw.</summary>
    public void Run(Action run)
    {
        lock (gate)
        {
            running.Enqueue(run);
            options.Waiting?.Invoke(1);
            CallHelpers();
        }
    }

    /// <summary>Waits until something is done, working on what there is in the meantime.</summary>
    public void Wait(Task done)
    {
        while (true)
        {
            (Action Do, bool IsRun) work;
            lock (gate)
            {
                // It may be done at any moment, not under the lock: what has been taken is done in any case.
                while (true)
                {
                    if (done.IsCompleted)
                        return;
                    if (TryTake(out work))
                        break;
                    Monitor.Wait(gate);
                }
            }
            Do(work);
        }
    }

    /// <summary>Begins nothing more, and returns when what has begun is done.</summary>
    public void Stop()
    {
        lock (gate)
        {
            stopped = true;
            while (activeDecodes + activeRuns > 0)
                Monitor.Wait(gate);
            options.Waiting?.Invoke(-running.Count);
            running.Clear();
        }
    }

    void IThreadPoolWorkItem.Execute() => Help();

    private void Help()
    {
        while (true)
        {
            (Action Do, bool IsRun) work;
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

    private void Do((Action Do, bool IsRun) work)
    {
        work.Do();
        lock (gate)
        {
            if (work.IsRun)
                activeRuns--;
            else
                activeDecodes--;
            CallHelpers();
        }
    }

    private bool TryTake(out (Action Do, bool IsRun) work)
    {
        if (!stopped && activeRuns < options.ParallelRuns && running.TryDequeue(out Action? run))
        {
            activeRuns++;
            options.Waiting?.Invoke(-1);
            work = (run, true);
            return true;
        }
        if (!stopped && activeDecodes < options.DecodeThreads && decoding.TryDequeue(out Action? decode))
        {
            activeDecodes++;
            work = (decode, false);
            return true;
        }
        work = default;
        return false;
    }

    private void CallHelpers()
    {
        int wanted = Math.Min(running.Count, options.ParallelRuns - activeRuns)
            + Math.Min(decoding.Count, options.DecodeThreads - activeDecodes) + activeRuns + activeDecodes;
        for (; helpers < wanted && !stopped; helpers++)
        {
            if (options.Threads is { } threads)
                threads.RunAsync(Help);
            else
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
        // Who waits, for work or the end of it, is one.
        Monitor.Pulse(gate);
    }
}
