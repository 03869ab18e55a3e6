using KeypointMl.Training.Runs;
using static TorchSharp.torch;

namespace KeypointMl.Training.Running;

/// <summary>While it lives, libtorch computes with a run's number of threads: a sum that is divided among several is another
/// one, so that the number is part of the run.</summary>
internal readonly struct RunThreads : IDisposable
{
    private readonly int before;

    private RunThreads(int before) => this.before = before;

    /// <summary>Begins. A run that has no number yet gets the one that libtorch has now, and keeps it.</summary>
    /// <param name="run">The run.</param>
    /// <param name="computedWith">What its log says; null where it says nothing. Runs of earlier versions have it nowhere else.</param>
    /// <param name="note">Receives a sentence where the number is not libtorch's own.</param>
    public static RunThreads Begin(RunFolder run, int? computedWith, Action<string> note)
    {
        int now = get_num_threads();
        if (run.Recipe.Training.Threads == 0)
            run.KeepThreads(computedWith ?? now);
        int threads = run.Recipe.Training.Threads;
        if (threads != now)
        {
            note($"Threads: {threads}, which is the run's number; libtorch would take {now} here, with other sums.");
            set_num_threads(threads);
        }
        return new RunThreads(now);
    }

    public void Dispose()
    {
        if (get_num_threads() != before)
            set_num_threads(before);
    }
}
