using KeypointMl.Imaging.Images;
using KeypointMl.Scoring.Rows;
using KeypointMl.Scoring.Running;
using KeypointMl.Scoring.Sinks;
using KeypointMl.Training.Runs;

namespace KeypointMl.Cli.Printing;

/// <summary>
/// Passes every failure on to a log as it happens, and every few seconds how far scoring is, how fast, and how long it
/// still takes.
/// </summary>
/// <param name="log">Takes what happens.</param>
/// <param name="time">The clock; null: the system's.</param>
internal sealed class ScoringConsole(IScoringLog log, TimeProvider? time = null) : IPredictionSink, IScoringMonitor
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private readonly TimeProvider time = time ?? TimeProvider.System;
    private PaceMeter? pace;
    private long? frames;
    private long done;
    private long lastReport;

    public void Note(string message) => log.Note(message);

    public void Begin(long? frames)
    {
        this.frames = frames;
        done = 0;
        lastReport = time.GetTimestamp();
        pace = new PaceMeter(time, 0, frames ?? 0);
    }

    public void Advance(long frames)
    {
        done += frames;
        pace!.Update(new ProgressUpdate(done, 0, []));
        if (time.GetElapsedTime(lastReport) < Interval)
            return;
        lastReport = time.GetTimestamp();
        log.Progress(done, this.frames, pace.StepsPerSecond, this.frames is null ? null : pace.Remaining);
    }

    public void Finished(ShardRecord record) => log.Finished(record);

    public ValueTask WriteAsync(PredictionRow row, RgbImage? picture, CancellationToken cancellation)
    {
        if (row.Error is not null)
            log.Failed(row);
        return ValueTask.CompletedTask;
    }

    public ValueTask CompleteAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
