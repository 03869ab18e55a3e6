using System.Numerics;

namespace KeypointMl.Tests.Data.Subjects;

/// <summary>An animal of known place: an ellipse with a tail that wags.</summary>
/// <param name="Length">Half its length in pixels.</param>
/// <param name="Width">Half its width in pixels.</param>
/// <param name="Level">Its grey level.</param>
/// <param name="Path">Where its centre is in each frame; null where it is not there.</param>
internal sealed record SyntheticAnimal(float Length, float Width, float Level, Func<int, Vector2?> Path)
{
    /// <summary>A path that wanders about, now faster, now slower, with rests.</summary>
    public static Func<int, Vector2?> Wander(Vector2 centre, Vector2 reach, float phase) => frame =>
    {
        // Time itself runs unevenly: it nearly stands still now and then.
        float t = frame / 40f + MathF.Sin(frame / 20f + phase) * 0.45f;
        return centre + reach * new Vector2(MathF.Sin(t + phase), MathF.Sin(1.7f * t + 2 * phase));
    };

    /// <summary>A straight path from one place to another within some frames; it rests before and after.</summary>
    public static Func<int, Vector2?> Straight(Vector2 from, Vector2 to, int first, int last) =>
        frame => Vector2.Lerp(from, to, Math.Clamp((frame - first) / (float)(last - first), 0, 1));

    /// <summary>Whether a pixel is in the body or the tail, from 0 to 1 at the rim.</summary>
    public float Cover(Vector2 pixel, int frame)
    {
        Vector2 offset = pixel - Path(frame)!.Value;
        if (offset.LengthSquared() > 9 * Length * Length)
            return 0;
        Vector2 heading = Heading(frame);
        (float along, float across) = (Vector2.Dot(offset, heading), heading.X * offset.Y - heading.Y * offset.X);
        float radius = MathF.Sqrt(along * along / (Length * Length) + across * across / (Width * Width));
        float body = Math.Clamp((1 - radius) * Width + 0.5f, 0, 1);
        float wag = MathF.Sin(frame / 3f + along / Length * 2) * Length * 0.2f;
        bool isTail = along < -0.8f * Length && along > -2.2f * Length;
        return Math.Max(body, isTail ? Math.Clamp(1.5f - Math.Abs(across - wag), 0, 1) : 0);
    }

    private Vector2 Heading(int frame)
    {
        Vector2 step = (Path(frame + 3) ?? Path(frame)!.Value) - (Path(frame - 3) ?? Path(frame)!.Value);
        return step.LengthSquared() < 0.01f ? Vector2.UnitX : Vector2.Normalize(step);
    }
}
