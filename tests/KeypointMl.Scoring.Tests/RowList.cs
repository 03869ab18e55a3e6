using KeypointMl.Imaging.Images;
using KeypointMl.Scoring.Rows;
using KeypointMl.Scoring.Sinks;

namespace KeypointMl.Scoring.Tests;

/// <summary>A sink that keeps the rows, and can do something at each.</summary>
internal sealed class RowList(Action<PredictionRow>? onRow = null) : IPredictionSink
{
    public List<PredictionRow> Rows { get; } = [];

    public bool IsCompleted { get; private set; }

    public ValueTask WriteAsync(PredictionRow row, RgbImage? picture, CancellationToken cancellation)
    {
        Rows.Add(row);
        onRow?.Invoke(row);
        return ValueTask.CompletedTask;
    }

    public ValueTask CompleteAsync(CancellationToken cancellation)
    {
        IsCompleted = true;
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
