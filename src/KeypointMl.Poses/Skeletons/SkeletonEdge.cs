using System.Collections.Immutable;
using System.Numerics;

namespace KeypointMl.Poses.Skeletons;

/// <summary>
/// An edge (i,j) ∈ E of equation 2. Each end is the mean of one or more keypoints (auxiliary links such as "middle of
/// the shoulders"), given by 0-based keypoint indices.
/// </summary>
/// <param name="From">Keypoints whose mean is the first end; at least one.</param>
/// <param name="To">Keypoints whose mean is the second end; at least one.</param>
public sealed record SkeletonEdge(ImmutableArray<int> From, ImmutableArray<int> To)
{
    /// <summary>An edge between two keypoints.</summary>
    public SkeletonEdge(int from, int to)
        : this([from], [to])
    {
    }

    /// <summary>Where the two ends are in a pose.</summary>
    /// <param name="pose">K points; an end that needs one that is not finite is not finite.</param>
    public (Vector2 From, Vector2 To) Ends(ReadOnlySpan<Vector2> pose) => (Mean(pose, From), Mean(pose, To));

    /// <inheritdoc/>
    public bool Equals(SkeletonEdge? other) => other is not null && From.SequenceEqual(other.From) && To.SequenceEqual(other.To);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(From.Length, From[0], To.Length, To[0]);

    private static Vector2 Mean(ReadOnlySpan<Vector2> pose, ImmutableArray<int> keypoints)
    {
        Vector2 sum = default;
        foreach (int k in keypoints)
            sum += pose[k];
        return sum / keypoints.Length;
    }
}

/// <summary>A named group of keypoints, such as <c>legs</c>, whose mean error is reported on its own.</summary>
/// <param name="Name">The group's name.</param>
/// <param name="Keypoints">0-based keypoint indices.</param>
public sealed record KeypointGroup(string Name, ImmutableArray<int> Keypoints)
{
    /// <inheritdoc/>
    public bool Equals(KeypointGroup? other) => other is not null && Name == other.Name && Keypoints.SequenceEqual(other.Keypoints);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Keypoints.Length);
}
