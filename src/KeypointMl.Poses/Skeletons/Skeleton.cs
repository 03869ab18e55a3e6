using System.Collections.Immutable;

namespace KeypointMl.Poses.Skeletons;

/// <summary>
/// What a pose is made of: named keypoints (their order is the order of every array of coordinates), the edges that β
/// draws, the left/right pairs, and named groups for reports.
/// </summary>
public sealed partial record Skeleton
{
    /// <summary>Checks and stores the parts.</summary>
    /// <param name="name">A short name such as <c>puppet</c>.</param>
    /// <param name="keypoints">Unique, non-empty names; K = their number, at least one.</param>
    /// <param name="edges">May be empty: β then draws points.</param>
    /// <param name="symmetricPairs">Left/right pairs of keypoint indices; a keypoint is in at most one pair.</param>
    /// <param name="groups">Named groups of keypoint indices for per-group metrics.</param>
    /// <exception cref="ArgumentException">A name is empty or stands twice, or an index is outside 0…K−1.</exception>
    public Skeleton(
        string name,
        ImmutableArray<string> keypoints,
        ImmutableArray<SkeletonEdge> edges,
        ImmutableArray<(int Left, int Right)> symmetricPairs = default,
        ImmutableArray<KeypointGroup> groups = default)
    {
        Name = name;
        Keypoints = keypoints;
        Edges = edges.IsDefault ? [] : edges;
        SymmetricPairs = symmetricPairs.IsDefault ? [] : symmetricPairs;
        Groups = groups.IsDefault ? [] : groups;
        Validate();
    }

    /// <summary>The skeleton's short name.</summary>
    public string Name { get; }

    /// <summary>Keypoint names in coordinate order; K = its length.</summary>
    public ImmutableArray<string> Keypoints { get; }

    /// <summary>The set E of equation 2.</summary>
    public ImmutableArray<SkeletonEdge> Edges { get; }

    /// <summary>Left/right pairs of keypoint indices.</summary>
    public ImmutableArray<(int Left, int Right)> SymmetricPairs { get; }

    /// <summary>Named groups for reports; may be empty.</summary>
    public ImmutableArray<KeypointGroup> Groups { get; }

    /// <summary>K, the number of keypoints.</summary>
    public int Count => Keypoints.Length;

    /// <summary>For each keypoint the index of its mirror image (itself where it has none): the permutation of a left-right flip.</summary>
    public int[] FlipPermutation()
    {
        int[] permutation = [.. Enumerable.Range(0, Count)];
        foreach ((int left, int right) in SymmetricPairs)
            (permutation[left], permutation[right]) = (right, left);
        return permutation;
    }

    /// <inheritdoc/>
    public bool Equals(Skeleton? other) =>
        other is not null && Name == other.Name && Keypoints.SequenceEqual(other.Keypoints) && Edges.SequenceEqual(other.Edges)
        && SymmetricPairs.SequenceEqual(other.SymmetricPairs) && Groups.SequenceEqual(other.Groups);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Count, Edges.Length);

    private void Validate()
    {
        if (Keypoints.IsDefaultOrEmpty)
            throw new ArgumentException($"Skeleton '{Name}' has no keypoints; at least one is needed.");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string keypoint in Keypoints)
        {
            if (string.IsNullOrWhiteSpace(keypoint))
                throw new ArgumentException($"Skeleton '{Name}' has a keypoint without a name.");
            if (!seen.Add(keypoint))
                throw new ArgumentException($"Skeleton '{Name}' names keypoint '{keypoint}' twice.");
        }
        foreach (SkeletonEdge edge in Edges)
        {
            if (edge.From.IsDefaultOrEmpty || edge.To.IsDefaultOrEmpty)
                throw new ArgumentException($"Skeleton '{Name}' has an edge with an empty end.");
            foreach (int index in edge.From.Concat(edge.To))
                CheckIndex(index, "an edge");
        }
        var paired = new HashSet<int>();
        foreach ((int left, int right) in SymmetricPairs)
        {
            CheckIndex(left, "a symmetric pair");
            CheckIndex(right, "a symmetric pair");
            if (!paired.Add(left) || !paired.Add(right))
            {
                throw new ArgumentException(
                    $"Skeleton '{Name}': keypoint '{Keypoints[left]}' or '{Keypoints[right]}' is in two symmetric pairs, or "
                    + "paired with itself.");
            }
        }
        var groups = new HashSet<string>(StringComparer.Ordinal);
        foreach (KeypointGroup group in Groups)
        {
            if (string.IsNullOrWhiteSpace(group.Name) || !groups.Add(group.Name))
                throw new ArgumentException($"Skeleton '{Name}' has a group without a name, or '{group.Name}' twice.");
            foreach (int index in group.Keypoints)
                CheckIndex(index, $"group '{group.Name}'");
        }
    }

    private void CheckIndex(int index, string where)
    {
        if ((uint)index >= (uint)Count)
            throw new ArgumentException($"Skeleton '{Name}': {where} refers to keypoint {index}; indices are 0 to {Count - 1}.");
    }
}
