using System.Numerics;

namespace KeypointMl.Data.Puppets.Drawing;

/// <summary>One lamp above the camera: how bright a surface of a given direction is.</summary>
internal static class Light
{
    // x right, y down, z to the camera.
    private static readonly Vector3 Direction = Vector3.Normalize(new Vector3(-0.25f, -0.55f, 0.8f));

    /// <summary>Brightness of a cylinder seen from the side.</summary>
    /// <param name="across">The point's place between the cylinder's edges, −1…1.</param>
    /// <param name="side">Unit vector in the image towards the edge at +1.</param>
    public static float OnCylinder(float across, Vector2 side)
    {
        float v = Math.Clamp(across, -1, 1);
        float depth = MathF.Sqrt(1 - v * v);
        return Brightness(v * (side.X * Direction.X + side.Y * Direction.Y) + depth * Direction.Z);
    }

    /// <summary>Brightness where the surface's unit normal is given.</summary>
    public static float OnSurface(Vector3 normal) => Brightness(Vector3.Dot(normal, Direction));

    private static float Brightness(float cosine) => 0.66f + 0.42f * MathF.Max(0, cosine);
}
