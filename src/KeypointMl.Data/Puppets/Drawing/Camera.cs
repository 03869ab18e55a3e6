using System.Numerics;

namespace KeypointMl.Data.Puppets.Drawing;

/// <summary>A <see cref="Placement"/> at a frame size: from space to pixels, (0,0) the centre of the top-left pixel.</summary>
internal readonly struct Camera
{
    private readonly Placement placement;
    private readonly Vector2 centre;

    public Camera(Placement placement, int width, int height)
    {
        this.placement = placement;
        Side = Math.Min(width, height);
        centre = new Vector2(width - 1, height - 1) / 2;
    }

    /// <summary>The frame's shorter side in pixels.</summary>
    public float Side { get; }

    public Vector2 Project(Vector3 position) => centre + Side * placement.Project(position).Point;

    /// <summary>Also gives the number of pixels in an adult's height there.</summary>
    public Projected ProjectWithScale(Vector3 position)
    {
        (Vector2 point, float magnification) = placement.Project(position);
        return new Projected(centre + Side * point, Side * placement.Scale * magnification);
    }

    /// <param name="Point">In pixels.</param>
    /// <param name="PixelsPerHeight">Pixels per adult height at that depth.</param>
    public readonly record struct Projected(Vector2 Point, float PixelsPerHeight);
}
