namespace KeypointMl.Training.Runs;

/// <summary>
/// Speed and remaining time of a phase, from the last half minute, so that a slow start or an evaluation is soon
/// forgotten.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="done">Steps done before.</param>
/// <param name="steps">Steps of the whole phase.</param>
internal sealed class PaceMeter(TimeProvider time, long done, long steps)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);
    private readonly Queue<(long Timestamp, long Step, long Images)> marks = new([(time.GetTimestamp(), done, 0)]);
    private (long Timestamp, long Step, long Images) last = (time.GetTimestamp(), done, 0);

    /// <summary>Steps per second; 0 before the first step.</summary>
    public double StepsPerSecond => Rate(last.Step - marks.Peek().Step);

    /// <summary>Images per second; 0 before the first step.</summary>
    public double ImagesPerSecond => Rate(last.Images - marks.Peek().Images);

    /// <summary>The time to the end of the phase at this speed, or null before the first step.</summary>
    public TimeSpan? Remaining => StepsPerSecond > 0 ? TimeSpan.FromSeconds((steps - last.Step) / StepsPerSecond) : null;

    /// <summary>Takes note of a step.</summary>
    public void Update(in ProgressUpdate update)
    {
        last = (time.GetTimestamp(), update.Step, last.Images + update.Images);
        // A mark a second is fine enough, and keeps the queue short however fast the steps are.
        if (time.GetElapsedTime(marks.Last().Timestamp, last.Timestamp) >= TimeSpan.FromSeconds(1))
            marks.Enqueue(last);
        while (marks.Count > 2 && time.GetElapsedTime(marks.Peek().Timestamp, last.Timestamp) > Window)
            marks.Dequeue();
    }

    private double Rate(long count)
    {
        double seconds = time.GetElapsedTime(marks.Peek().Timestamp, last.Timestamp).TotalSeconds;
        return seconds > 0 ? count / seconds : 0;
    }
}
