using System.Collections.Concurrent;

namespace KeypointMl.Scoring;

/// <summary>Threads that do work in the order in which it is given, until they are disposed of.</summary>
internal sealed class WorkThreads : IDisposable
{
    private readonly BlockingCollection<Action> waiting = [];
    private readonly Thread[] threads;

    public WorkThreads(int count, string name)
    {
        threads = [.. Enumerable.Range(0, count).Select(_ => new Thread(Work) { IsBackground = true, Name = name })];
        foreach (Thread thread in threads)
            thread.Start();
    }

    /// <summary>How many there are.</summary>
    public int Count => threads.Length;

    /// <summary>Does some work on one of the threads.</summary>
    public Task<T> RunAsync<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting.Add(() =>
        {
            try
            {
                done.SetResult(work());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        return done.Task;
    }

    /// <inheritdoc cref="RunAsync{T}"/>
    public Task RunAsync(Action work) => RunAsync(() =>
    {
        work();
        return true;
    });

    /// <summary>Waits for the work that was given, and ends the threads.</summary>
    public void Dispose()
    {
        waiting.CompleteAdding();
        foreach (Thread thread in threads)
            thread.Join();
        waiting.Dispose();
    }

    private void Work()
    {
        foreach (Action work in waiting.GetConsumingEnumerable())
            work();
    }
}
