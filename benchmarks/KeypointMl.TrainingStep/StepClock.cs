using System.Diagnostics;

namespace KeypointMl.TrainingStep;

/// <summary>
/// Times the steps of one phase, each from the end of the one before it, and asks training to stop when it has enough
/// of them.
/// </summary>
/// <param name="phase">The phase whose steps are timed.</param>
/// <param name="warmup">How many of its first steps are not.</param>
/// <param name="steps">How many are.</param>
internal sealed class StepClock(TrainingPhase phase, int warmup, int steps) : ITrainingProgress
{
    private readonly CancellationTokenSource enough = new();
    private readonly List<double> seconds = [];
    private TrainingPhase current;
    private long last;

    /// <summary>Cancelled when the last step to be timed is done.</summary>
    public CancellationToken Enough => enough.Token;

    /// <summary>The seconds of each timed step.</summary>
    public IReadOnlyList<double> Seconds => seconds;

    /// <inheritdoc/>
    public void Begin(TrainingPhase phase, long done, long steps)
    {
        current = phase;
        last = Stopwatch.GetTimestamp();
    }

    /// <inheritdoc/>
    public void Report(in ProgressUpdate update)
    {
        double elapsed = Stopwatch.GetElapsedTime(last).TotalSeconds;
        last = Stopwatch.GetTimestamp();
        if (current != phase || update.Step <= warmup)
            return;
        seconds.Add(elapsed);
        if (seconds.Count == steps)
            enough.Cancel();
    }

    /// <inheritdoc/>
    public void Note(string message)
    {
    }

    /// <inheritdoc/>
    public void Dispose() => enough.Dispose();
}
