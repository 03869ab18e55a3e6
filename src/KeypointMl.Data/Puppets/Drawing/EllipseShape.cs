using System.Numerics;

namespace KeypointMl.Data.Puppets.Drawing;

/// <summary>An upright ellipse of one colour, sharp or soft: shadows, blobs, badges.</summary>
internal readonly struct EllipseShape(Vector2 centre, Vector2 radii, Vector4 colour, float softness = 1) : IShape
{
    public Vector2 Low => centre - radii;

    public Vector2 High => centre + radii;

    public float Softness => softness;

    // Exact on circles, close to it near the outline of an ellipse.
    public float SignedDistance(Vector2 point)
    {
        float distance = ((point - centre) / radii).Length();
        return (distance - 1) * MathF.Min(radii.X, radii.Y);
    }

    public Vector4 Colour(Vector2 point) => colour;
}
