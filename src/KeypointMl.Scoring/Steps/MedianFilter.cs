using System.Numerics;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Scoring.Rows;

namespace KeypointMl.Scoring.Steps;

/// <summary>
/// Replaces each coordinate by its median over the rows of the same track within some scored frames before and after. A
/// row comes out once a row beyond its window has come in; what is held is the rows of two windows.
/// </summary>
/// <param name="reach">How many scored frames the window reaches to either side.</param>
internal sealed class MedianFilter(int reach) : IRowStep
{
    private readonly List<ScoredRow> rows = [];
    private int emitted;

    public IEnumerable<ScoredRow> Push(ScoredRow row)
    {
        if (rows.Count > 0 && rows[0].Row.Source != row.Row.Source)
        {
            foreach (ScoredRow left in Flush())
                yield return left;
        }
        rows.Add(row);
        while (LastOf(rows[emitted].Row) < row.Row.Frame)
            yield return EmitNext();
        int passed = 0;
        while (LastOf(rows[passed].Row) < rows[emitted].Row.Frame)
            passed++;
        rows.RemoveRange(0, passed);
        emitted -= passed;
    }

    public IEnumerable<ScoredRow> Flush()
    {
        while (emitted < rows.Count)
            yield return EmitNext();
        rows.Clear();
        emitted = 0;
    }

    private long LastOf(PredictionRow row) => row.Frame + (long)reach * row.FrameStep;

    private ScoredRow EmitNext()
    {
        ScoredRow next = rows[emitted++];
        // The picture is not needed any longer; the row is, as a neighbour, with the keypoints that it came with.
        rows[emitted - 1] = next with { Picture = null };
        if (next.Row.Status == PredictionStatus.Failed)
            return next;
        PredictionRow[] window = [.. rows.Select(row => row.Row)
            .Where(row => row.Status == PredictionStatus.Ok && row.Item == next.Row.Item
                && Math.Abs(row.Frame - next.Row.Frame) <= (long)reach * row.FrameStep)];
        Vector2[] points = next.Row.Keypoints.ToArray();
        for (int k = 0; k < points.Length; k++)
        {
            if (IsFinite(points[k]))
                points[k] = new Vector2(Median(window, k, point => point.X), Median(window, k, point => point.Y));
        }
        return next with { Row = next.Row with { Keypoints = points } };
    }

    private static float Median(PredictionRow[] window, int k, Func<Vector2, float> coordinate)
    {
        float[] values = [.. window.Select(row => row.Keypoints.Span[k]).Where(IsFinite).Select(coordinate).Order()];
        return (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }

    private static bool IsFinite(Vector2 point) => float.IsFinite(point.X) && float.IsFinite(point.Y);
}

/// <summary>
/// The median over time of each coordinate of each track: over the scored frames of a window around the frame, fewer at
/// the ends and where frames failed. Takes out single wrong detections and keeps edges.
/// </summary>
/// <param name="Window"><c>median</c>: how many scored frames wide, odd, at least 3.</param>
public sealed record MedianSmoothing(int Window) : ScoreStep
{
    /// <inheritdoc/>
    public override bool IsOverTime => true;

    internal override IRowStep Start(Skeleton skeleton) => new MedianFilter(Window / 2);
}
