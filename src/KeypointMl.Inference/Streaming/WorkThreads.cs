using System.Collections.Concurrent;

namespace KeypointMl.Inference.Streaming;

/// <summary>
/// Threads that do work in the order in which it is given, until they are disposed of. The C library and ONNX Runtime
/// keep memory for each thread that has decoded an image or run a graph, so that a long job would hold more and more if
/// that were done on threads that come and go, such as the pool's.
/// </summary>
internal sealed class WorkThreads : IDisposable
{
    private readonly BlockingCollection<Task> waiting = [];
    private readonly Thread[] threads;

    public WorkThreads(int count, string name)
    {
        threads = [.. Enumerable.Range(0, count).Select(_ => new Thread(Work) { IsBackground = true, Name = name })];
        foreach (Thread thread in threads)
            thread.Start();
    }

    /// <summary>Does some work on one of the threads.</summary>
    public Task RunAsync(Action work)
    {
        var task = new Task(work, TaskCreationOptions.RunContinuationsAsynchronously);
        waiting.Add(task);
        return task;
    }

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
        foreach (Task work in waiting.GetConsumingEnumerable())
            work.RunSynchronously(TaskScheduler.Default);
    }
}
