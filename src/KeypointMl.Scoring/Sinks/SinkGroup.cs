using KeypointMl.Scoring.Rows;

namespace KeypointMl.Scoring.Sinks;

/// <summary>Gives rows to several sinks, and counts them.</summary>
internal sealed class SinkGroup(IReadOnlyList<IPredictionSink> sinks)
{
    private static readonly KeyValuePair<string, object?> OkTag = new("status", "ok");
    private static readonly KeyValuePair<string, object?> FailedTag = new("status", "failed");

    /// <summary>Rows with keypoints.</summary>
    public long Ok { get; private set; }

    /// <summary>Rows without.</summary>
    public long Failed { get; private set; }

    /// <summary>Disposes of every sink, whatever happens to the others.</summary>
    public static async ValueTask DisposeAllAsync(IEnumerable<IPredictionSink> sinks)
    {
        if (sinks.FirstOrDefault() is not { } first)
            return;
        try
        {
            await first.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            await DisposeAllAsync(sinks.Skip(1)).ConfigureAwait(false);
        }
    }

    /// <summary>Completes every sink, in order. It is not to be stopped any more: some outputs would be new, and others old.</summary>
    /// <param name="sinks">The sinks.</param>
    /// <param name="cancellation">Asked to stop before the first; none is completed then.</param>
    public static async ValueTask CompleteAllAsync(IEnumerable<IPredictionSink> sinks, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        foreach (IPredictionSink sink in sinks)
            await sink.CompleteAsync(CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Gives each row to every sink.</summary>
    public async ValueTask WriteAsync(IEnumerable<ScoredRow> rows, CancellationToken cancellation)
    {
        foreach ((PredictionRow row, Imaging.Images.RgbImage? picture) in rows)
        {
            if (row.Status == PredictionStatus.Ok)
                Ok++;
            else
                Failed++;
            ScoringMetrics.Rows.Add(1, row.Status == PredictionStatus.Ok ? OkTag : FailedTag);
            foreach (IPredictionSink sink in sinks)
                await sink.WriteAsync(row, picture, cancellation).ConfigureAwait(false);
        }
    }
}
