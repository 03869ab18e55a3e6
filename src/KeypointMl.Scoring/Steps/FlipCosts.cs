using System.Numerics;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Scoring.Rows;

namespace KeypointMl.Scoring.Steps;

/// <summary>
/// What it costs to take the poses of a track as they are or with left and right exchanged, in squared sides of the box: how far
/// the symmetric keypoints jump, and a little for each exchange.
/// </summary>
internal sealed class FlipCosts(Skeleton skeleton, double prior)
{
    private readonly int[] mirror = skeleton.FlipPermutation();

    /// <summary>Whether there is anything to say about a row: a pair of which both keypoints have a position.</summary>
    public bool Knows(PredictionRow row) =>
        row.Status == PredictionStatus.Ok && skeleton.SymmetricPairs.Any(pair => IsThere(row, pair.Left) && IsThere(row, pair.Right));

    /// <summary>What exchanging a row costs: more where the detector is sure of both keypoints of a pair.</summary>
    public double OfExchange(PredictionRow row)
    {
        double sum = 0;
        foreach ((int left, int right) in skeleton.SymmetricPairs)
        {
            if (IsThere(row, left) && IsThere(row, right))
                sum += Math.Min(row.Confidence.Span[left], row.Confidence.Span[right]);
        }
        return prior * sum;
    }

    /// <summary>
    /// What going from one row of a track to a later one costs where both are taken alike, and where one of them is exchanged.
    /// Pairs that are not whole in both say nothing.
    /// </summary>
    public (double Alike, double Exchanged) OfStep(PredictionRow from, PredictionRow to)
    {
        double size = (SideOf(from) + SideOf(to)) / 2;
        double steps = Math.Max(1, (to.Frame - from.Frame) / to.FrameStep);
        (double alike, double exchanged) = (0, 0);
        ReadOnlySpan<Vector2> before = from.Keypoints.Span, after = to.Keypoints.Span;
        foreach ((int left, int right) in skeleton.SymmetricPairs)
        {
            if (!(IsThere(from, left) && IsThere(from, right) && IsThere(to, left) && IsThere(to, right)))
                continue;
            alike += Vector2.DistanceSquared(before[left], after[left]) + Vector2.DistanceSquared(before[right], after[right]);
            exchanged += Vector2.DistanceSquared(before[left], after[right]) + Vector2.DistanceSquared(before[right], after[left]);
        }
        // Over a gap a subject goes as far as at random: the square of the distance grows with the time.
        double unit = size * size * steps;
        return (alike / unit, exchanged / unit);
    }

    /// <summary>The row with left and right exchanged.</summary>
    public PredictionRow Exchange(PredictionRow row) => row with
    {
        Keypoints = Mirror(row.Keypoints),
        Confidence = Mirror(row.Confidence),
        Normalized = row.Normalized.IsEmpty ? default : Mirror(row.Normalized),
    };

    private ReadOnlyMemory<T> Mirror<T>(ReadOnlyMemory<T> values) => Array.ConvertAll(mirror, k => values.Span[k]);

    private static bool IsThere(PredictionRow row, int k) =>
        float.IsFinite(row.Keypoints.Span[k].X) && float.IsFinite(row.Keypoints.Span[k].Y);

    private static double SideOf(PredictionRow row) => row.Box is Box box ? Math.Max(box.Width, box.Height) : 1;
}
