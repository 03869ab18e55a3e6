using System.Numerics;

namespace KeypointMl.Testing;

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

    /// <summary>How it lies in a frame; null where it is not there.</summary>
    public Posture? In(int frame) => Path(frame) is { } place ? new Posture(this, place, Heading(frame), frame / 3f) : null;

    private Vector2 Heading(int frame)
    {
        Vector2 step = (Path(frame + 3) ?? Path(frame)!.Value) - (Path(frame - 3) ?? Path(frame)!.Value);
        return step.LengthSquared() < 0.01f ? Vector2.UnitX : Vector2.Normalize(step);
    }

    /// <summary>The animal in one frame.</summary>
    internal readonly record struct Posture(SyntheticAnimal Animal, Vector2 Place, Vector2 Heading, float Wag)
    {
        /// <summary>Whether anything of it, or of its shadow, may be in a row of pixels.</summary>
        public bool Reaches(int row) => Math.Abs(row - Place.Y) <= 3 * Animal.Length;

        /// <summary>Whether a pixel is in the body or the tail, from 0 to 1 at the rim.</summary>
        public float Cover(Vector2 pixel)
        {
            (float length, float width) = (Animal.Length, Animal.Width);
            Vector2 offset = pixel - Place;
            if (offset.LengthSquared() > 9 * length * length)
                return 0;
            (float along, float across) = (Vector2.Dot(offset, Heading), Heading.X * offset.Y - Heading.Y * offset.X);
            float radius = MathF.Sqrt(along * along / (length * length) + across * across / (width * width));
            float body = Math.Clamp((1 - radius) * width + 0.5f, 0, 1);
            bool isTail = along < -0.8f * length && along > -2.2f * length;
            if (!isTail)
                return body;
            float wag = MathF.Sin(Wag + along / length * 2) * length * 0.2f;
            return Math.Max(body, Math.Clamp(1.5f - Math.Abs(across - wag), 0, 1));
        }

        /// <summary>How much of its shadow is on a pixel, from 0 to 1.</summary>
        public float Shade(Vector2 pixel)
        {
            float distance = Vector2.Distance(pixel - new Vector2(0.7f, 0.5f) * Animal.Length, Place);
            return Math.Clamp(1.6f - distance / Animal.Length, 0, 1);
        }
    }
}
