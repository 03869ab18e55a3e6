using System.Numerics;

namespace KeypointMl.Data.Puppets.Drawing;

/// <summary>A tapered, rounded limb in a fabric.</summary>
internal readonly struct LimbShape : IShape
{
    private readonly Vector2 start;
    private readonly Vector2 axis;
    private readonly float inverseSquare;
    private readonly float startRadius;
    private readonly float endRadius;
    private readonly Vector2 side;
    private readonly float pixelsPerHeight;
    private readonly float length;
    private readonly Fabric fabric;
    private readonly float tone;

    /// <param name="start">One end.</param>
    /// <param name="end">The other end.</param>
    /// <param name="startRadius">Radius at the start, in adult heights.</param>
    /// <param name="endRadius">Radius at the end, in adult heights.</param>
    /// <param name="length">The limb's length in space, in adult heights: the pattern moves with it.</param>
    /// <param name="fabric">What it is dressed in.</param>
    /// <param name="tone">What the fabric's colours are multiplied by.</param>
    public LimbShape(
        Camera.Projected start,
        Camera.Projected end,
        float startRadius,
        float endRadius,
        float length,
        Fabric fabric,
        float tone)
    {
        this.start = start.Point;
        this.startRadius = startRadius * start.PixelsPerHeight;
        this.endRadius = endRadius * end.PixelsPerHeight;
        this.length = length;
        this.fabric = fabric;
        this.tone = tone;
        pixelsPerHeight = start.PixelsPerHeight;
        axis = end.Point - start.Point;
        float square = MathF.Max(axis.LengthSquared(), 1e-6f);
        inverseSquare = 1 / square;
        side = new Vector2(-axis.Y, axis.X) / MathF.Sqrt(square);
        float radius = MathF.Max(this.startRadius, this.endRadius);
        Low = Vector2.Min(start.Point, end.Point) - new Vector2(radius);
        High = Vector2.Max(start.Point, end.Point) + new Vector2(radius);
    }

    public Vector2 Low { get; }

    public Vector2 High { get; }

    public float Softness => 1;

    public float SignedDistance(Vector2 point)
    {
        Vector2 offset = point - start;
        float t = Math.Clamp(Vector2.Dot(offset, axis) * inverseSquare, 0, 1);
        return (offset - t * axis).Length() - float.Lerp(startRadius, endRadius, t);
    }

    public Vector4 Colour(Vector2 point)
    {
        Vector2 offset = point - start;
        float t = Vector2.Dot(offset, axis) * inverseSquare;
        float radius = float.Lerp(startRadius, endRadius, Math.Clamp(t, 0, 1));
        float across = Vector2.Dot(offset, side) / radius;
        Vector3 colour = fabric.At(across * radius / pixelsPerHeight, t * length);
        return new Vector4(colour * (tone * Light.OnCylinder(across, side)), 1);
    }
}
