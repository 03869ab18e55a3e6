using System.Numerics;

namespace KeypointMl.Training.Augmentations;

/// <summary>
/// The map (x,y) ↦ (Xx·x + Xy·y + X0, Yx·x + Yy·y + Y0) in [−1,1] coordinates. As a warp it says where each OUTPUT
/// pixel is sampled in the input, so a keypoint q of the warped image is at <c>map(q)</c> in the original.
/// </summary>
public readonly record struct AffineMap(float Xx, float Xy, float X0, float Yx, float Yy, float Y0)
{
    /// <summary>The identity.</summary>
    public static AffineMap Identity => new(1, 0, 0, 0, 1, 0);

    /// <summary>The left-right mirror.</summary>
    public static AffineMap Mirror => new(-1, 0, 0, 0, 1, 0);

    /// <summary>Whether the map mirrors (its determinant is negative).</summary>
    public bool IsMirrored => Xx * Yy - Xy * Yx < 0;

    /// <summary>First <paramref name="inner"/>, then this.</summary>
    public AffineMap After(AffineMap inner) => new(
        Xx * inner.Xx + Xy * inner.Yx, Xx * inner.Xy + Xy * inner.Yy, Xx * inner.X0 + Xy * inner.Y0 + X0,
        Yx * inner.Xx + Yy * inner.Yx, Yx * inner.Xy + Yy * inner.Yy, Yx * inner.X0 + Yy * inner.Y0 + Y0);

    /// <summary>Maps a point.</summary>
    public Vector2 Apply(Vector2 point) => new(Xx * point.X + Xy * point.Y + X0, Yx * point.X + Yy * point.Y + Y0);

    /// <summary>The inverse map; the map must not be singular.</summary>
    public AffineMap Inverse()
    {
        float determinant = Xx * Yy - Xy * Yx;
        float xx = Yy / determinant, xy = -Xy / determinant, yx = -Yx / determinant, yy = Xx / determinant;
        return new AffineMap(xx, xy, -(xx * X0 + xy * Y0), yx, yy, -(yx * X0 + yy * Y0));
    }
}
