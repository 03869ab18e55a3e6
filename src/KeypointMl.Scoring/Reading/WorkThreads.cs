using System.Collections.Concurrent;
using KeypointMl.Inference.Detection;

namespace KeypointMl.Scoring.Reading;

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

/// <summary>
/// The threads on which a scorer runs native code. The C library and ONNX Runtime keep memory for each thread that has
/// decoded an image or run a graph, so that a long job would hold more and more if that were done on threads that come
/// and go, such as the pool's.
/// </summary>
/// <param name="detector">The detector that they run.</param>
/// <param name="options">How many there are of each.</param>
internal sealed class ScoringThreads(KeypointDetector detector, ScoringOptions options) : IDisposable
{
    /// <summary>Run the detector.</summary>
    public WorkThreads Detectors { get; } = new(options.ParallelRunsOf(detector), "KeypointMl detector");

    /// <summary>Decode images.</summary>
    public WorkThreads Decoders { get; } = new(options.EffectiveDecodeThreads, "KeypointMl decoder");

    /// <summary>Waits for the work that was given, and ends the threads.</summary>
    public void Dispose()
    {
        Detectors.Dispose();
        Decoders.Dispose();
    }
}
