using System.Numerics;
using System.Runtime.CompilerServices;

namespace KeypointMl.Data.Puppets.Drawing;

/// <summary>A rounded, eight-cornered garment around an axis: a shirt or a skirt.</summary>
internal readonly struct ClothShape : IShape
{
    private readonly Corners corners;
    private readonly float rounding;
    private readonly Vector2 top;
    private readonly Vector2 axis;
    private readonly Vector2 side;
    private readonly float length;
    private readonly float pixelsPerHeight;
    private readonly float halfWidth;
    private readonly float turn;
    private readonly Fabric fabric;

    /// <param name="corners">The outline before rounding, in order; in pixels.</param>
    /// <param name="rounding">How far the cloth reaches beyond the corners, in pixels.</param>
    /// <param name="top">Where the axis begins.</param>
    /// <param name="bottom">Where it ends.</param>
    /// <param name="halfWidth">Half the width of the whole, in pixels, where it is widest.</param>
    /// <param name="pixelsPerHeight">Pixels per adult height.</param>
    /// <param name="turn">The wearer's yaw in radians: the pattern turns along.</param>
    /// <param name="fabric">The cloth.</param>
    public ClothShape(
        Corners corners,
        float rounding,
        Vector2 top,
        Vector2 bottom,
        float halfWidth,
        float pixelsPerHeight,
        float turn,
        Fabric fabric)
    {
        this.corners = corners;
        this.rounding = rounding;
        this.top = top;
        this.halfWidth = halfWidth;
        this.pixelsPerHeight = pixelsPerHeight;
        this.turn = turn;
        this.fabric = fabric;
        Vector2 down = bottom - top;
        length = MathF.Max(down.Length(), 1e-3f);
        axis = down / length;
        side = new Vector2(axis.Y, -axis.X);
        Vector2 low = corners[0];
        Vector2 high = corners[0];
        foreach (Vector2 corner in corners)
        {
            low = Vector2.Min(low, corner);
            high = Vector2.Max(high, corner);
        }
        Low = low - new Vector2(rounding);
        High = high + new Vector2(rounding);
    }

    public Vector2 Low { get; }

    public Vector2 High { get; }

    public float Softness => 1;

    // Signed distance to a polygon: the nearest side gives the distance, the crossings of a ray to the right give the sign.
    public float SignedDistance(Vector2 point)
    {
        float nearest = float.MaxValue;
        bool inside = false;
        Vector2 previous = corners[Corners.Count - 1];
        foreach (Vector2 corner in corners)
        {
            Vector2 edge = previous - corner;
            Vector2 offset = point - corner;
            float t = Math.Clamp(Vector2.Dot(offset, edge) / MathF.Max(edge.LengthSquared(), 1e-6f), 0, 1);
            nearest = MathF.Min(nearest, (offset - t * edge).LengthSquared());
            if (corner.Y > point.Y != previous.Y > point.Y && point.X < edge.X * (point.Y - corner.Y) / edge.Y + corner.X)
                inside = !inside;
            previous = corner;
        }
        float distance = MathF.Sqrt(nearest);
        return (inside ? -distance : distance) - rounding;
    }

    public Vector4 Colour(Vector2 point)
    {
        Vector2 offset = point - top;
        float across = Math.Clamp(Vector2.Dot(offset, side) / halfWidth, -1, 1);
        float around = (MathF.Asin(across) - turn) * halfWidth / pixelsPerHeight;
        float along = Vector2.Dot(offset, axis) / pixelsPerHeight;
        return new Vector4(fabric.At(around, along) * Light.OnCylinder(across, side), 1);
    }

    /// <summary>Eight points.</summary>
    [InlineArray(Count)]
    public struct Corners
    {
        public const int Count = 8;
        private Vector2 first;
    }
}
