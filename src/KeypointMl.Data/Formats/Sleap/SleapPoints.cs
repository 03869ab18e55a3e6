using System.Numerics;
using KeypointMl.Data.Formats.Hdf5;
using KeypointMl.Data.Formats.Tables;

namespace KeypointMl.Data.Formats.Sleap;

/// <summary>The points of a SLEAP file, labels or predictions, of all instances one after the other.</summary>
internal sealed class SleapPoints
{
    private const int PointBytes = 12;

    private readonly Vector2[] points;
    private readonly float[]? scores;

    private SleapPoints(Vector2[] points, float[]? scores)
    {
        this.points = points;
        this.scores = scores;
    }

    internal int Count => points.Length;

    internal static SleapPoints Read(Hdf5Source source, string dataset, Vector2 shift)
    {
        if (source.Dataset(dataset).Count == 0)
            return new SleapPoints([], null);
        var table = new Hdf5Table(source, dataset);
        // Twice: here, and in the rows.
        source.Take(2L * PointBytes * table.Count, dataset);
        (Func<int, double> x, Func<int, double> y, Func<int, double> visible) = (table.Numbers("x"), table.Numbers("y"),
            table.Numbers("visible"));
        Func<int, double>? score = dataset == "pred_points" ? table.Numbers("score") : null;
        var points = new Vector2[table.Count];
        float[]? scores = score is null ? null : new float[table.Count];
        for (int i = 0; i < points.Length; i++)
        {
            points[i] = visible(i) != 0 && double.IsFinite(x(i)) && double.IsFinite(y(i))
                ? new Vector2((float)x(i), (float)y(i)) + shift
                : new Vector2(float.NaN);
            if (scores is not null)
                scores[i] = (float)score!(i);
        }
        return new SleapPoints(points, scores);
    }

    internal PoseRow Row(int start, int count, string source, long frame, string item, string where) =>
        new(source, frame, item, points[start..(start + count)], scores?[start..(start + count)], null, where);
}
