using System.Numerics;
using KeypointMl.Data.Puppets.Body;

namespace KeypointMl.Data.Puppets.Drawing;

/// <summary>
/// Where the camera stands and how large the person appears. Lengths in the image are fractions of the frame's shorter
/// side, from the centre of the frame.
/// </summary>
/// <param name="Scale">The size of an adult's height in the image.</param>
/// <param name="Origin">Where the person's starting point on the ground appears.</param>
/// <param name="Tilt">How far the camera looks down, in radians.</param>
internal sealed record Placement(float Scale, Vector2 Origin, float Tilt)
{
    /// <summary>Distance of the camera in adult heights: near enough for some foreshortening.</summary>
    private const float CameraDistance = 4.5f;

    /// <summary>The part of the frame the whole clip stays in.</summary>
    private const float Room = 0.96f;

    /// <summary>Draws size and position, uniformly among those that keep every frame of the clip inside the image.</summary>
    public static Placement Draw(ref SeededRandom random, IEnumerable<PuppetFigure> clip)
    {
        float scale = 0.82f * random.Uniform(0.75f, 1.1f);
        var placement = new Placement(1, Vector2.Zero, random.Uniform(-0.06f, 0.2f));
        var low = new Vector2(float.MaxValue);
        var high = new Vector2(float.MinValue);
        foreach (PuppetFigure figure in clip)
        {
            foreach (Vector3 joint in figure.Joints)
            {
                Vector2 point = placement.Project(joint).Point;
                low = Vector2.Min(low, point);
                high = Vector2.Max(high, point);
            }
        }
        // Flesh around the joints, in adult heights: the top of the head, the feet, the hands.
        low -= new Vector2(0.03f, 0.06f);
        high += new Vector2(0.03f, 0.05f);
        Vector2 extent = high - low;
        scale = MathF.Min(scale, Room / MathF.Max(extent.X, extent.Y));
        Vector2 free = new Vector2(Room) - scale * extent;
        var corner = new Vector2(-Room / 2) + new Vector2(random.Uniform(0, 1), random.Uniform(0, 1)) * free;
        return placement with { Scale = scale, Origin = corner - scale * low };
    }

    /// <summary>Projects a point of space.</summary>
    /// <returns>The point, and how much larger than <see cref="Scale"/> things appear there.</returns>
    public (Vector2 Point, float Magnification) Project(Vector3 position)
    {
        (float sin, float cos) = MathF.SinCos(Tilt);
        float y = position.Y * cos - position.Z * sin;
        float z = position.Z * cos + position.Y * sin;
        float magnification = CameraDistance / (CameraDistance - z);
        return (Origin + Scale * magnification * new Vector2(position.X, -y), magnification);
    }
}
