using KeypointMl.Imaging.Images;
using KeypointMl.Inference.Detection;
using KeypointMl.Scoring.Rows;

namespace KeypointMl.Scoring.Reading;

/// <summary>
/// Rows on their way from the reader to the sinks, in order: those that need the detector own a slot of its memory,
/// those that failed already own none.
/// </summary>
internal sealed class ScoringBatch(DetectorBatch memory) : IDisposable
{
    // Many failures in a row must not gather without bound.
    private const int RowsPerSlot = 4;

    private readonly List<(PredictionRow Row, int Slot, RgbImage? Picture)> rows = [];
    private int used;

    /// <summary>How many frames were taken in since the batch was cleared, whether they gave rows or not.</summary>
    public long Frames { get; set; }

    /// <summary>How long the detector took for it.</summary>
    public TimeSpan SessionTime { get; private set; }

    public bool IsFull => used == memory.Capacity || rows.Count >= RowsPerSlot * memory.Capacity;

    /// <summary>The image of the next free slot, [H,W,3], to be filled before <see cref="AddFilled"/>.</summary>
    public Memory<byte> NextImage => memory.Image(used);

    public void AddFilled(PredictionRow row, RgbImage? picture) => rows.Add((row, used++, picture));

    public void AddFailed(PredictionRow row, RgbImage? picture) => rows.Add((row, -1, picture));

    /// <summary>The detector's run that <see cref="Detect"/> began.</summary>
    public Task Detected { get; private set; } = Task.CompletedTask;

    /// <summary>Lets one of the threads run the detector on the filled slots.</summary>
    /// <param name="threads">The threads.</param>
    /// <param name="cancellation">Asks to run it no more if it has not begun.</param>
    public void Detect(WorkThreads threads, CancellationToken cancellation)
    {
        ScoringMetrics.BatchesWaiting.Add(1);
        Detected = threads.RunAsync(() =>
        {
            ScoringMetrics.BatchesWaiting.Add(-1);
            cancellation.ThrowIfCancellationRequested();
            if (used > 0)
                SessionTime = ScoringMetrics.MeasureSession(() => memory.Run(used));
        });
    }

    /// <summary>
    /// All rows in the order in which they were added, with what the detector found, once <see cref="Detected"/> has
    /// ended.
    /// </summary>
    public IEnumerable<ScoredRow> Rows(KeypointDetector detector)
    {
        foreach ((PredictionRow row, int slot, RgbImage? picture) in rows)
            yield return new ScoredRow(slot < 0 ? row : Complete(row, slot, detector), picture);
    }

    public void Clear()
    {
        rows.Clear();
        used = 0;
        Frames = 0;
        SessionTime = default;
    }

    public void Dispose() => memory.Dispose();

    private PredictionRow Complete(PredictionRow row, int slot, KeypointDetector detector)
    {
        var points = new System.Numerics.Vector2[detector.KeypointCount];
        detector.ToFrame(memory.Keypoints(slot), row.Box!.Value, points);
        float[] confidence = memory.Confidence(slot).ToArray();
        for (int k = 0; k < points.Length; k++)
        {
            if (!float.IsFinite(points[k].X) || !float.IsFinite(points[k].Y) || !float.IsFinite(confidence[k]))
            {
                return row with
                {
                    Error = $"The detector gave keypoint '{detector.Skeleton.Keypoints[k]}' a position or confidence that is not finite.",
                };
            }
        }
        return row with { Keypoints = points, Confidence = confidence };
    }
}
