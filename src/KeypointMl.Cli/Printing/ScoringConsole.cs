using System.Globalization;
using KeypointMl.Data;
using KeypointMl.Scoring;
using KeypointMl.Training;

namespace KeypointMl.Cli;

/// <summary>Names every failure as it happens, and says every few seconds how far scoring is, how fast, and how long it still takes.</summary>
/// <param name="writer">Takes the lines.</param>
/// <param name="time">The clock; null: the system's.</param>
internal sealed class ScoringConsole(TextWriter writer, TimeProvider? time = null) : IPredictionSink, IScoringMonitor
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private readonly TimeProvider time = time ?? TimeProvider.System;
    private PaceMeter? pace;
    private long? frames;
    private long done;
    private long lastLine;

    public void Note(string message) => writer.WriteLine($"keypointml: {message}");

    public void Begin(long? frames)
    {
        this.frames = frames;
        done = 0;
        lastLine = time.GetTimestamp();
        pace = new PaceMeter(time, 0, frames ?? 0);
    }

    public void Advance(long frames)
    {
        done += frames;
        pace!.Update(new ProgressUpdate(done, 0, []));
        if (time.GetElapsedTime(lastLine) < Interval)
            return;
        lastLine = time.GetTimestamp();
        string of = this.frames is long all ? string.Create(CultureInfo.InvariantCulture, $" of {all}") : "";
        string left = this.frames is null ? "" : $", {ProgressText.Duration(pace.Remaining)} left";
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{done}{of} frames, {ProgressText.Number(pace.StepsPerSecond)} frames/s{left}"));
    }

    public ValueTask WriteAsync(PredictionRow row, RgbImage? picture, CancellationToken cancellation)
    {
        if (row.Error is not null)
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"keypointml: failed: {row.Source}, frame {row.Frame}{(row.Item.Length > 0 ? $", item {row.Item}" : "")}: {row.Error}"));
        return ValueTask.CompletedTask;
    }

    public ValueTask CompleteAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
