using System.Numerics;
using KeypointMl.Data.Priors;

namespace KeypointMl.Data.Quality;

/// <summary>What the poses of a prior are like, in fractions of their frame.</summary>
internal sealed class PoseShapes
{
    private const int ReferencePoses = 24;
    private const int MostCompared = 2000;

    private readonly Vector2[][] poses;

    internal PoseShapes(PosePrior prior)
    {
        Prior = prior;
        var frame = new Vector2(prior.Width, prior.Height);
        poses = [.. prior.Poses.Select(pose => Array.ConvertAll(pose, point => (point + new Vector2(0.5f)) / frame))];
        Shapes = [.. poses.Select(pose => Shape.Of(pose))];
    }

    internal PosePrior Prior { get; }

    /// <summary>The shape of each pose.</summary>
    internal IReadOnlyList<Shape> Shapes { get; }

    /// <summary>What share of the keypoints lies outside of the frame.</summary>
    internal float OffFrame => poses.SelectMany(pose => pose).Average(point => point is { X: >= 0 and <= 1, Y: >= 0 and <= 1 } ? 0f : 1f);

    /// <summary>The mean of all keypoints of all poses.</summary>
    internal Vector2 Middle => poses.Aggregate(Vector2.Zero, (sum, pose) => sum + pose.Aggregate(Vector2.Zero, Vector2.Add) / pose.Length)
        / poses.Length;

    /// <summary>What share of the poses is, to a hundredth of a pixel, another one again.</summary>
    internal float Repeated => 1 - Prior.Poses.Select(pose =>
        string.Join(' ', pose.Select(point => FormattableString.Invariant($"{point.X:F2} {point.Y:F2}")))).Distinct().Count()
        / (float)poses.Length;

    /// <summary>The standard deviation of each keypoint's place.</summary>
    internal float[] Movement()
    {
        float[] movement = new float[Prior.Skeleton.Count];
        for (int k = 0; k < movement.Length; k++)
        {
            Vector2 mean = poses.Aggregate(Vector2.Zero, (sum, pose) => sum + pose[k]) / poses.Length;
            movement[k] = MathF.Sqrt(poses.Average(pose => Vector2.DistanceSquared(pose[k], mean)));
        }
        return movement;
    }

    /// <summary>
    /// How far poses differ in form, turned, moved and scaled onto each other: the median of √(1 − r²), r the correlation with a
    /// pose in the middle of them. 0: all have one form.
    /// </summary>
    internal float Variety()
    {
        Vector2[][] compared = Compared();
        return compared.Length < 2 ? 0 : References(compared).Min(reference =>
            Median(compared.Select(pose => MathF.Sqrt(MathF.Max(0, 1 - Square(Alike(pose, reference, mirrored: false)))))));

        static float Square(float value) => value * value;
    }

    /// <summary>
    /// For each pose by how much it is more like a typical pose than like that pose's mirror image: above 0 for the one kind, below
    /// for the other. Animals seen from one side are all of one kind; bodies that turn pass through 0.
    /// </summary>
    internal float[] Handedness()
    {
        Vector2[][] compared = Compared();
        return References(compared).Select(reference => compared
                .Select(pose => Alike(pose, reference, mirrored: false) - Alike(pose, reference, mirrored: true)).ToArray())
            .MaxBy(kinds => Median(kinds.Select(MathF.Abs)))!;
    }

    internal static float Median(IEnumerable<float> values)
    {
        float[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private Vector2[][] Compared() => [.. EvenChoice.Choose(poses.Length, MostCompared).Select(i => Centred(poses[i]))];

    private static IEnumerable<Vector2[]> References(Vector2[][] compared) =>
        EvenChoice.Choose(compared.Length, ReferencePoses).Select(i => compared[i]);

    private static Vector2[] Centred(Vector2[] pose)
    {
        Vector2 centre = pose.Aggregate(Vector2.Zero, Vector2.Add) / pose.Length;
        return Array.ConvertAll(pose, point => point - centre);
    }

    // The correlation of two centred poses under the best rotation and scale: complex numbers, |Σ z·w̄| / (|z|·|w|).
    private static float Alike(Vector2[] pose, Vector2[] other, bool mirrored)
    {
        (float real, float imaginary, float length, float otherLength) = (0, 0, 0, 0);
        for (int k = 0; k < pose.Length; k++)
        {
            (Vector2 z, Vector2 w) = (pose[k], mirrored ? new Vector2(other[k].X, -other[k].Y) : other[k]);
            real += Vector2.Dot(z, w);
            imaginary += z.Y * w.X - z.X * w.Y;
            length += z.LengthSquared();
            otherLength += w.LengthSquared();
        }
        return MathF.Sqrt((real * real + imaginary * imaginary) / MathF.Max(length * otherLength, 1e-20f));
    }
}
