using System.Numerics;

namespace KeypointMl.Data.Quality;

/// <summary>How points, or the pixels of a subject, lie in a frame: lengths and places in fractions of the frame's side.</summary>
/// <param name="Centre">Their mean.</param>
/// <param name="Extent">How far they reach along their main axis.</param>
/// <param name="Axis">The main axis' angle in radians, 0…π: 0 lies, π/2 stands.</param>
/// <param name="Elongation">How many times as far they spread along the main axis as across.</param>
internal readonly record struct Shape(Vector2 Centre, float Extent, float Axis, float Elongation)
{
    /// <summary>The shape of points.</summary>
    /// <param name="points">At least one, in fractions of the frame.</param>
    /// <param name="cut">The share of the points at either end that do not count for the extent.</param>
    internal static Shape Of(IReadOnlyList<Vector2> points, float cut = 0)
    {
        Vector2 centre = Vector2.Zero;
        foreach (Vector2 point in points)
            centre += point;
        centre /= points.Count;
        (float xx, float xy, float yy) = (0, 0, 0);
        foreach (Vector2 point in points)
        {
            Vector2 d = point - centre;
            (xx, xy, yy) = (xx + d.X * d.X, xy + d.X * d.Y, yy + d.Y * d.Y);
        }
        float axis = MathF.Atan2(2 * xy, xx - yy) / 2;
        float root = MathF.Sqrt((xx - yy) * (xx - yy) + 4 * xy * xy);
        float elongation = MathF.Sqrt((xx + yy + root) / MathF.Max(xx + yy - root, 1e-9f));
        var along = new Vector2(MathF.Cos(axis), MathF.Sin(axis));
        float[] places = [.. points.Select(point => Vector2.Dot(point - centre, along)).Order()];
        int left = (int)(cut * places.Length);
        return new Shape(centre, places[places.Length - 1 - left] - places[left], axis < 0 ? axis + MathF.PI : axis, elongation);
    }
}

/// <summary>Directions that have no head, such as main axes: 0 and π are the same.</summary>
/// <param name="Mean">The mean axis in radians, 0…π.</param>
/// <param name="Concentration">0 where they point anywhere, 1 where all are the same.</param>
internal readonly record struct AxisSpread(float Mean, float Concentration)
{
    /// <summary>Axes that are less concentrated point anywhere.</summary>
    internal const float AnyHeading = 0.3f;

    // An axis of something round is an accident.
    private const float LeastElongation = 1.25f;

    /// <summary>Of the shapes that are not round; null where too few have an axis.</summary>
    internal static AxisSpread? Of(IReadOnlyCollection<Shape> shapes)
    {
        float[] axes = [.. shapes.Where(shape => shape.Elongation >= LeastElongation).Select(shape => shape.Axis)];
        if (axes.Length < 10 || axes.Length < shapes.Count / 2)
            return null;
        (float x, float y) = (axes.Average(axis => MathF.Cos(2 * axis)), axes.Average(axis => MathF.Sin(2 * axis)));
        float mean = MathF.Atan2(y, x) / 2;
        return new AxisSpread(mean < 0 ? mean + MathF.PI : mean, MathF.Sqrt(x * x + y * y));
    }

    /// <summary>The standard deviation of the axes in degrees, as of a wrapped normal distribution.</summary>
    internal float Degrees => MathF.Sqrt(-2 * MathF.Log(MathF.Max(Concentration, 1e-6f))) / 2 * (180 / MathF.PI);

    /// <summary>The angle between two mean axes, 0…90 degrees.</summary>
    internal float DegreesFrom(AxisSpread other)
    {
        float apart = MathF.Abs(Mean - other.Mean) * (180 / MathF.PI);
        return MathF.Min(apart, 180 - apart);
    }
}
