using KeypointMl.Poses.Geometry;
using KeypointMl.Scoring.Rows;

namespace KeypointMl.Scoring.Review;

/// <summary>The rows with keypoints of one subject of one video or image, in order of time.</summary>
/// <param name="Source">The video or image.</param>
/// <param name="Item">Which subject; empty where there is one.</param>
/// <param name="Step">By how much the numbers of the scored frames differ.</param>
/// <param name="Rows">At least one.</param>
internal sealed record ReviewedTrack(string Source, string Item, int Step, IReadOnlyList<PredictionRow> Rows)
{
    private const float MostPixels = 100_000;

    /// <summary>Divides rows into tracks, in order of first appearance.</summary>
    public static IReadOnlyList<ReviewedTrack> Divide(IEnumerable<PredictionRow> rows)
    {
        List<ReviewedTrack> tracks = [];
        foreach (IGrouping<string, PredictionRow> source in rows.Where(IsUsable).GroupBy(row => row.Source, StringComparer.Ordinal))
        {
            int step = StepOf([.. source.Select(row => row.Frame).Distinct().Order()]);
            tracks.AddRange(source.GroupBy(row => row.Item, StringComparer.Ordinal).Select(track => new ReviewedTrack(
                source.Key, track.Key, step, [.. track.OrderBy(row => row.Frame).Select(row => Plain(row, step))])));
        }
        return tracks;
    }

    /// <summary>The side of a row's box.</summary>
    public static float SideOf(PredictionRow row) => Math.Max(row.Box!.Value.Width, row.Box.Value.Height);

    /// <summary>How many scored frames lie between two neighbouring rows; 0 where none do.</summary>
    public long MissingBefore(int i) => i == 0 ? 0 : (Rows[i].Frame - Rows[i - 1].Frame) / Step - 1;

    private static bool IsUsable(PredictionRow row) =>
        row.Status == PredictionStatus.Ok && row.Box is Box box && float.IsFinite(box.X + box.Y)
        && box.Width is > 0 and < MostPixels && box.Height is > 0 and < MostPixels;

    // Scores of other tools may be above 1, or not be there.
    private static PredictionRow Plain(PredictionRow row, int step) => row with
    {
        FrameStep = step,
        Confidence = Array.ConvertAll(row.Confidence.ToArray(), value => float.IsFinite(value) ? Math.Clamp(value, 0, 1) : 0),
    };

    // The greatest common divisor: whoever scored every fifth frame has all differences in fives.
    private static int StepOf(long[] frames)
    {
        long step = 0;
        for (int i = 1; i < frames.Length; i++)
        {
            (long a, long b) = (step, frames[i] - frames[i - 1]);
            while (b != 0)
                (a, b) = (b, a % b);
            step = a;
        }
        return (int)Math.Clamp(step, 1, int.MaxValue);
    }
}
