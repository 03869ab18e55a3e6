using System.Numerics;

namespace KeypointMl.Imaging.Subjects;

/// <summary>Pixels of one frame that belong together, in coordinates of the reduced plane.</summary>
/// <param name="X">Columns of the pixels.</param>
/// <param name="Y">Rows of the pixels.</param>
/// <param name="Energy">Sum of how far the pixels differ from the ground, in grey levels.</param>
internal sealed record Blob(short[] X, short[] Y, long Energy)
{
    private (int Left, int Top, int Right, int Bottom)? bounds;
    private Vector2? centre;

    internal int Area => X.Length;

    /// <summary>The first and last column and row.</summary>
    internal (int Left, int Top, int Right, int Bottom) Bounds => bounds ??= (X.Min(), Y.Min(), X.Max(), Y.Max());

    /// <summary>The middle of the body (see <see cref="BodyCentre"/>).</summary>
    internal Vector2 Centre => centre ??= BodyCentre.Of(this);

    /// <summary>Mean and covariance of the pixels.</summary>
    internal Ellipse Shape => Ellipse.Of(X, Y);

    /// <summary>The distance of the nearest pixel from a point.</summary>
    internal float DistanceTo(Vector2 point)
    {
        float nearest = float.PositiveInfinity;
        for (int i = 0; i < X.Length; i++)
            nearest = Math.Min(nearest, Vector2.DistanceSquared(point, new Vector2(X[i], Y[i])));
        return MathF.Sqrt(nearest);
    }

    /// <summary>The pixels of both.</summary>
    internal Blob With(Blob other) => new([.. X, .. other.X], [.. Y, .. other.Y], Energy + other.Energy);

    internal bool TouchesEdge(int width, int height) =>
        Bounds is var (left, top, right, bottom) && (left == 0 || top == 0 || right == width - 1 || bottom == height - 1);
}
