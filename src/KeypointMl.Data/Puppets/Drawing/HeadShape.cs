using System.Numerics;

namespace KeypointMl.Data.Puppets.Drawing;

/// <summary>A head: an ellipsoid whose surface carries hair, eyes and a mouth where the head's rotation puts them.</summary>
internal readonly struct HeadShape : IShape
{
    private const float Width = 0.84f;
    private static readonly Vector3 LeftEye = new(0.36f, 0.08f, 0.93f);
    private readonly Vector2 centre;
    private readonly Vector2 right;
    private readonly Vector2 down;
    private readonly float radius;
    private readonly Quaternion toHead;
    private readonly Outfit outfit;
    private readonly float hairBias;

    /// <param name="centre">The head's centre.</param>
    /// <param name="radius">Half its height, in adult heights.</param>
    /// <param name="rotation">From the head's own axes to space.</param>
    /// <param name="outfit">Skin and hair.</param>
    public HeadShape(Camera.Projected centre, float radius, Quaternion rotation, Outfit outfit)
    {
        this.centre = centre.Point;
        this.radius = radius * centre.PixelsPerHeight;
        this.outfit = outfit;
        toHead = Quaternion.Conjugate(rotation);
        Vector3 up = Vector3.Transform(Vector3.UnitY, rotation);
        var downInImage = new Vector2(-up.X, up.Y);
        // Looking straight down on a head, which way is up in the image does not matter.
        down = downInImage.LengthSquared() > 1e-4f ? Vector2.Normalize(downInImage) : Vector2.UnitY;
        right = new Vector2(down.Y, -down.X);
        hairBias = outfit.HairStyle switch
        {
            HairStyle.Bald => 2,
            HairStyle.Long => outfit.HairLine - 0.16f,
            HairStyle.Cap => 0.05f,
            _ => outfit.HairLine,
        };
        Low = this.centre - new Vector2(this.radius);
        High = this.centre + new Vector2(this.radius);
    }

    public Vector2 Low { get; }

    public Vector2 High { get; }

    public float Softness => 1;

    public float SignedDistance(Vector2 point)
    {
        Vector2 offset = point - centre;
        var scaled = new Vector2(Vector2.Dot(offset, right) / Width, Vector2.Dot(offset, down));
        return (scaled.Length() - radius) * (Width + 1) / 2;
    }

    public Vector4 Colour(Vector2 point)
    {
        Vector2 offset = (point - centre) / radius;
        // Undo the narrowing, so that the surface is a unit sphere.
        Vector2 onSphere = offset + right * (Vector2.Dot(offset, right) * (1 / Width - 1));
        float square = onSphere.LengthSquared();
        if (square > 1)
            onSphere /= MathF.Sqrt(square);
        var normal = new Vector3(onSphere, MathF.Sqrt(MathF.Max(0, 1 - square)));
        // Image axes (y down) to space (y up), then to the head's own: x to its left, y up, z forward.
        Vector3 local = Vector3.Transform(new Vector3(normal.X, -normal.Y, normal.Z), toHead);

        float sharpness = radius * 0.9f;
        Vector3 colour = outfit.Skin;
        colour = Vector3.Lerp(colour, outfit.Skin * new Vector3(0.86f, 0.74f, 0.72f),
            Mark(local, new Vector3(0, -0.1f, 0.995f), 0.1f, 1.5f, sharpness));
        colour = Vector3.Lerp(
            colour, new Vector3(0.52f, 0.16f, 0.16f), Mark(local, new Vector3(0, -0.46f, 0.888f), 0.26f, 0.3f, sharpness));
        // The eyes mirror each other.
        Vector3 folded = local with { X = MathF.Abs(local.X) };
        colour = Vector3.Lerp(colour, new Vector3(0.93f, 0.92f, 0.9f), Mark(folded, LeftEye, 0.18f, 0.75f, sharpness));
        colour = Vector3.Lerp(colour, new Vector3(0.08f, 0.07f, 0.09f), Mark(folded, LeftEye, 0.12f, 1.1f, sharpness));
        float hair = local.Y * 0.95f - local.Z * 0.72f - hairBias;
        colour = Vector3.Lerp(colour, outfit.Hair, Math.Clamp(hair * sharpness + 0.5f, 0, 1));
        return new Vector4(colour * Light.OnSurface(normal), 1);
    }

    /// <summary>How much of an elliptic mark covers a point of the sphere.</summary>
    private static float Mark(Vector3 local, Vector3 place, float halfWidth, float aspect, float sharpness)
    {
        if (local.Z < 0.2f)
            return 0;
        Vector3 offset = local - place;
        float distance = MathF.Sqrt(offset.X * offset.X + offset.Y * offset.Y / (aspect * aspect));
        return Math.Clamp((halfWidth - distance) * sharpness + 0.5f, 0, 1);
    }
}
