using System.Numerics;

namespace KeypointMl.Data.Puppets.Drawing;

/// <summary>
/// Something a <see cref="Canvas"/> can draw: an outline as a signed distance, and a colour for every point in it.
/// Lengths in pixels.
/// </summary>
internal interface IShape
{
    /// <summary>The smallest x and y of the outline.</summary>
    Vector2 Low { get; }

    /// <summary>The largest x and y of the outline.</summary>
    Vector2 High { get; }

    /// <summary>Width of the transition from inside to outside; 1 is an antialiased sharp edge.</summary>
    float Softness { get; }

    /// <summary>Distance to the outline, negative inside.</summary>
    float SignedDistance(Vector2 point);

    /// <summary>The colour (RGB in [0,1]) and its opacity.</summary>
    Vector4 Colour(Vector2 point);
}

/// <summary>An upright ellipse of one colour, sharp or soft: shadows, blobs, badges.</summary>
internal readonly struct EllipseShape(Vector2 centre, Vector2 radii, Vector4 colour, float softness = 1) : IShape
{
    public Vector2 Low => centre - Reach;

    public Vector2 High => centre + Reach;

    public float Softness => softness;

    // The approximate distance grows more slowly along the longer axis, so a soft edge is wider there.
    private Vector2 Reach => radii * (1 + softness / (2 * MathF.Min(radii.X, radii.Y)));

    // Exact on circles, close to it near the outline of an ellipse.
    public float SignedDistance(Vector2 point)
    {
        float distance = ((point - centre) / radii).Length();
        return (distance - 1) * MathF.Min(radii.X, radii.Y);
    }

    public Vector4 Colour(Vector2 point) => colour;
}
