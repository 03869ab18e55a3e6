using System.Numerics;

namespace KeypointMl.Data;

/// <summary>The points of a SLEAP file, labels or predictions, of all instances one after the other.</summary>
internal sealed class SleapPoints
{
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
        var table = new Hdf5Table(source, dataset);
        if (table.Count == 0)
            return new SleapPoints([], null);
        double[] x = table.Numbers("x"), y = table.Numbers("y"), visible = table.Numbers("visible");
        Vector2[] points = [.. x.Select((value, i) => visible[i] != 0 && double.IsFinite(value) && double.IsFinite(y[i]) ? new Vector2((float)value, (float)y[i]) + shift : new Vector2(float.NaN))];
        return new SleapPoints(points, dataset == "pred_points" ? [.. table.Numbers("score").Select(score => (float)score)] : null);
    }

    internal PoseRow Row(int start, int count, string source, long frame, string item, string where) =>
        new(source, frame, item, points[start..(start + count)], scores?[start..(start + count)], null, where);
}
