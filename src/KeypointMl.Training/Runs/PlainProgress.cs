using System.Globalization;

namespace KeypointMl.Training.Runs;

/// <summary>
/// A line every few seconds, for logs and pipes: everything that the bar on a terminal shows, without control
/// characters.
/// </summary>
/// <param name="writer">Takes the lines; not disposed.</param>
/// <param name="interval">Least time between two lines; null: 5 seconds.</param>
/// <param name="time">The clock; null: the system's.</param>
public sealed class PlainProgress(TextWriter writer, TimeSpan? interval = null, TimeProvider? time = null) : ITrainingProgress
{
    private readonly TimeSpan interval = interval ?? TimeSpan.FromSeconds(5);
    private readonly TimeProvider time = time ?? TimeProvider.System;
    private PaceMeter? pace;
    private TrainingPhase phase;
    private long steps;
    private long lastLine;

    /// <inheritdoc/>
    public void Begin(TrainingPhase phase, long done, long steps)
    {
        (this.phase, this.steps) = (phase, steps);
        pace = new PaceMeter(time, done, steps);
        lastLine = time.GetTimestamp();
        writer.WriteLine(done == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{ProgressText.PhaseName(phase)}: {steps} steps")
            : string.Create(CultureInfo.InvariantCulture, $"{ProgressText.PhaseName(phase)}: goes on after step {done} of {steps}"));
    }

    /// <inheritdoc/>
    public void Report(in ProgressUpdate update)
    {
        if (pace is null)
            throw new InvalidOperationException($"{nameof(Begin)} must be called before {nameof(Report)}.");
        pace.Update(update);
        // The last line of a phase is always written: it is what remains of it in a log.
        if (time.GetElapsedTime(lastLine) < interval && update.Step < steps)
            return;
        lastLine = time.GetTimestamp();
        writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{ProgressText.PhaseName(phase)} {update.Step}/{steps}  {ProgressText.Losses(update.Losses)}  {ProgressText.Pace(pace)}"));
    }

    /// <inheritdoc/>
    public void Note(string message) => writer.WriteLine(message);

    /// <inheritdoc/>
    public void Dispose() => writer.Flush();
}
