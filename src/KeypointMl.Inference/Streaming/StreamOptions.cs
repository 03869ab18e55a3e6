namespace KeypointMl.Inference.Streaming;

/// <summary>How a <see cref="DetectionStream{TRow}"/> works.</summary>
/// <param name="BatchSize">The images of a batch.</param>
/// <param name="Batches">The batches, the caller's included.</param>
/// <param name="Ahead">The items that are read and not yet in batches.</param>
internal sealed record StreamOptions(int BatchSize, int Batches, int Ahead)
{
    /// <summary>How many items may be decoded at the same time.</summary>
    public int DecodeThreads { get; init; } = 1;

    /// <summary>How many batches may be in the graph at the same time.</summary>
    public int ParallelRuns { get; init; } = 1;

    /// <summary>
    /// Whether items are rows that keep their places: one that failed takes an image's place too, and each counts as read
    /// ahead until the caller has moved on. (Where others have their places can change the last digits of what the graph
    /// finds.)
    /// </summary>
    public bool RowsKeepPlaces { get; init; }

    /// <summary>Decode and run, as many as may be at work and one that reads; null: the thread pool.</summary>
    public WorkThreads? Threads { get; init; }

    /// <summary>Is told how many batches more, or fewer, wait for the graph; null for nobody.</summary>
    public Action<int>? Waiting { get; init; }
}
