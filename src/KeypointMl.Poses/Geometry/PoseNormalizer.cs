using System.Collections.Immutable;
using System.Numerics;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Poses.Geometry;

/// <summary>Takes place, size and heading out of poses of one skeleton. Thread-safe.</summary>
public sealed class PoseNormalizer
{
    private readonly Skeleton skeleton;
    private readonly PoseNormalization normalization;
    private readonly ImmutableArray<int> origin;
    private readonly ImmutableArray<int> lengthFrom;
    private readonly ImmutableArray<int> lengthTo;
    private readonly (int From, int To)? upright;

    /// <summary>Finds the keypoints that are named.</summary>
    /// <exception cref="ArgumentException">
    /// A name is no keypoint of the skeleton, is needed and missing, or is given and not used; the message says which.
    /// </exception>
    public PoseNormalizer(Skeleton skeleton, PoseNormalization normalization)
    {
        ArgumentNullException.ThrowIfNull(skeleton);
        ArgumentNullException.ThrowIfNull(normalization);
        this.skeleton = skeleton;
        this.normalization = normalization;
        origin = Find(normalization.OriginKeypoints, nameof(normalization.OriginKeypoints), normalization.Origin == PoseOrigin.Keypoints);
        lengthFrom = Find(normalization.LengthFrom, nameof(normalization.LengthFrom), normalization.Unit == PoseUnit.Length);
        lengthTo = Find(normalization.LengthTo, nameof(normalization.LengthTo), normalization.Unit == PoseUnit.Length);
        if (normalization.UprightFrom is null != normalization.UprightTo is null)
        {
            throw new ArgumentException(
                $"{nameof(normalization.UprightFrom)} and {nameof(normalization.UprightTo)} must be given together; one of them is null.");
        }
        if (normalization is { UprightFrom: { } from, UprightTo: { } to })
        {
            upright = from != to
                ? (IndexOf(from), IndexOf(to))
                : throw new ArgumentException(
                    $"{nameof(normalization.UprightFrom)} and {nameof(normalization.UprightTo)} are both '{from}'; "
                    + "a direction needs two keypoints.");
        }
    }

    /// <summary>Normalises a pose in place.</summary>
    /// <param name="pose">
    /// K points. Mean, box and root mean square are those of the points that are finite; a point that is not stays so.
    /// Where a keypoint that is needed is not finite, or the length that should become 1 is 0, every point becomes NaN.
    /// </param>
    /// <exception cref="ArgumentException">There are not K points.</exception>
    public void Normalize(Span<Vector2> pose)
    {
        if (pose.Length != skeleton.Count)
        {
            throw new ArgumentException(
                $"The pose has {pose.Length} points; skeleton '{skeleton.Name}' has {skeleton.Count} keypoints.", nameof(pose));
        }
        Vector2 centre = Centre(pose);
        Vector2 turn = Turn(pose) / Length(pose);
        bool defined = IsFinite(centre) && IsFinite(turn);
        for (int k = 0; k < pose.Length; k++)
        {
            Vector2 p = pose[k] - centre;
            pose[k] = defined && IsFinite(pose[k])
                ? new Vector2(turn.X * p.X - turn.Y * p.Y, turn.Y * p.X + turn.X * p.Y)
                : new Vector2(float.NaN);
        }
    }

    private Vector2 Centre(ReadOnlySpan<Vector2> pose) => normalization.Origin switch
    {
        PoseOrigin.Keypoints => Mean(pose, origin),
        PoseOrigin.Box => Extent(pose) is var (low, high) ? (low + high) / 2 : default,
        PoseOrigin.Unchanged => Vector2.Zero,
        _ => FiniteMean(pose),
    };

    private float Length(ReadOnlySpan<Vector2> pose)
    {
        switch (normalization.Unit)
        {
            case PoseUnit.Length:
                return Vector2.Distance(Mean(pose, lengthFrom), Mean(pose, lengthTo));
            case PoseUnit.Box:
                (Vector2 low, Vector2 high) = Extent(pose);
                return Math.Max(high.X - low.X, high.Y - low.Y);
            case PoseUnit.Unchanged:
                return 1;
            default:
                Vector2 mean = FiniteMean(pose);
                double sum = 0;
                int count = 0;
                foreach (Vector2 point in pose)
                {
                    if (!IsFinite(point))
                        continue;
                    sum += Vector2.DistanceSquared(point, mean);
                    count++;
                }
                return (float)Math.Sqrt(sum / count);
        }
    }

    // The turn as a complex number of length 1, by which the direction from–to becomes (0,−1).
    private Vector2 Turn(ReadOnlySpan<Vector2> pose)
    {
        if (upright is not (int from, int to))
            return Vector2.UnitX;
        Vector2 direction = pose[to] - pose[from];
        return new Vector2(-direction.Y, -direction.X) / direction.Length();
    }

    private static Vector2 Mean(ReadOnlySpan<Vector2> pose, ImmutableArray<int> keypoints)
    {
        Vector2 sum = default;
        foreach (int k in keypoints)
            sum += pose[k];
        return sum / keypoints.Length;
    }

    private static Vector2 FiniteMean(ReadOnlySpan<Vector2> pose)
    {
        (double x, double y, int count) = (0, 0, 0);
        foreach (Vector2 point in pose)
        {
            if (IsFinite(point))
                (x, y, count) = (x + point.X, y + point.Y, count + 1);
        }
        return new Vector2((float)(x / count), (float)(y / count));
    }

    private static (Vector2 Low, Vector2 High) Extent(ReadOnlySpan<Vector2> pose)
    {
        (Vector2 low, Vector2 high) = (new Vector2(float.PositiveInfinity), new Vector2(float.NegativeInfinity));
        foreach (Vector2 point in pose)
        {
            if (IsFinite(point))
                (low, high) = (Vector2.Min(low, point), Vector2.Max(high, point));
        }
        return (low, high);
    }

    private static bool IsFinite(Vector2 point) => float.IsFinite(point.X) && float.IsFinite(point.Y);

    private ImmutableArray<int> Find(ImmutableArray<string> names, string option, bool needed)
    {
        if (names.IsDefaultOrEmpty == needed)
        {
            throw new ArgumentException(needed
                ? $"{option} names no keypoint; {nameof(normalization.Origin)} {normalization.Origin} and "
                + $"{nameof(normalization.Unit)} {normalization.Unit} need at least one."
                : $"{option} is given ({string.Join(", ", names)}), but {nameof(normalization.Origin)} "
                + $"{normalization.Origin} and {nameof(normalization.Unit)} {normalization.Unit} do not use it.");
        }
        return needed ? [.. names.Select(IndexOf)] : [];
    }

    private int IndexOf(string name)
    {
        int index = skeleton.Keypoints.IndexOf(name);
        return index >= 0
            ? index
            : throw new ArgumentException(
                $"Skeleton '{skeleton.Name}' has no keypoint '{name}'; "
                + $"its keypoints are {string.Join(", ", skeleton.Keypoints.Take(40))}.");
    }
}
