using System.Numerics;

namespace KeypointMl.Imaging.Subjects;

/// <summary>One subject over time, in pixels of the plane: a constant velocity, an area and a shape.</summary>
internal sealed class SubjectTrack
{
    private const int HitsToConfirm = 3;
    private const float Slowing = 0.7f;
    private const float SlowingWhenCovered = 0.97f;

    internal SubjectTrack(Blob blob, long frame)
    {
        (Position, Area, Shape, First, Last, Hits) = (blob.Centre, blob.Area, blob.Shape, frame, frame, 1);
    }

    /// <summary>Its number in the results; null before its first box is written.</summary>
    internal int? Number { get; set; }

    /// <summary>Where it is, or is expected now.</summary>
    internal Vector2 Position { get; private set; }

    internal Vector2 Velocity { get; private set; }

    /// <summary>Its area when it is alone.</summary>
    internal float Area { get; private set; }

    internal Ellipse Shape { get; private set; }

    internal long First { get; }

    /// <summary>The last frame in which it was seen.</summary>
    internal long Last { get; private set; }

    internal int Hits { get; private set; }

    /// <summary>Those that it touches.</summary>
    internal IReadOnlyList<SubjectTrack> Touching { get; private set; } = [];

    /// <summary>For how many frames it has touched others.</summary>
    internal int FramesTouching { get; private set; }

    internal bool IsConfirmed => Hits >= HitsToConfirm;

    /// <summary>Moves it to where it is expected in the next frame.</summary>
    internal void Predict()
    {
        Position += Velocity;
        Shape = Shape.At(Shape.Mean + Velocity);
    }

    /// <summary>It was not seen: it is expected to slow down.</summary>
    internal void Miss() => Velocity *= Slowing;

    /// <summary>It was seen in a blob of its own.</summary>
    internal void See(Blob blob, long frame, bool isWhole)
    {
        if (isWhole)
            Area = float.Lerp(Area, blob.Area, 0.1f);
        Shape = blob.Shape;
        Move(blob.Centre, frame, 0.5f);
        FramesTouching = 0;
        Touching = [];
    }

    /// <summary>It was seen in a part of a blob.</summary>
    /// <param name="part">Its part.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="others">Whose the other parts are.</param>
    /// <param name="trust">How much of it is seen, from 0 (another covers it: it is where it is expected) to 1.</param>
    internal void SeeTouching(Blob part, long frame, IReadOnlyList<SubjectTrack> others, float trust)
    {
        Ellipse seen = part.Shape;
        Shape = Shape.At(Vector2.Lerp(Shape.Mean, seen.Mean, trust)).Blend(seen, 0.3f * trust);
        // A part of a covered body does not move as the body does.
        Move(Vector2.Lerp(Position, part.Centre, trust), frame, 0.3f * trust * trust);
        if (trust < 0.5f)
            Velocity *= SlowingWhenCovered;
        FramesTouching++;
        Touching = others;
    }

    private void Move(Vector2 position, long frame, float trust)
    {
        // The position is the predicted one: what it is off by is the velocity's error.
        Velocity += (position - Position) * (trust / Math.Max(1, frame - Last));
        Position = position;
        Last = frame;
        Hits++;
    }
}
