using System.Globalization;
using KeypointMl.Data;
using KeypointMl.Scoring;

namespace KeypointMl.Cli;

/// <summary>Names every failure as it happens, and says every few seconds how far scoring is.</summary>
/// <param name="writer">Takes the lines.</param>
/// <param name="time">The clock; null: the system's.</param>
internal sealed class ScoringConsole(TextWriter writer, TimeProvider? time = null) : IPredictionSink
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private readonly TimeProvider time = time ?? TimeProvider.System;
    private long start;
    private long lastLine;
    private long rows;

    public ValueTask WriteAsync(PredictionRow row, RgbImage? picture, CancellationToken cancellation)
    {
        if (rows++ == 0)
            start = lastLine = time.GetTimestamp();
        if (row.Error is not null)
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"keypointml: failed: {row.Source}, frame {row.Frame}{(row.Item.Length > 0 ? $", item {row.Item}" : "")}: {row.Error}"));
        if (time.GetElapsedTime(lastLine) >= Interval)
        {
            lastLine = time.GetTimestamp();
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rows} rows, {rows / time.GetElapsedTime(start).TotalSeconds:F1} rows/s, at frame {row.Frame} of {row.Source}"));
        }
        return ValueTask.CompletedTask;
    }

    public ValueTask CompleteAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
