using System.Collections.Immutable;

namespace KeypointMl.Poses;

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
