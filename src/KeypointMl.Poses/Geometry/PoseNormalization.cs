using System.Collections.Immutable;

namespace KeypointMl.Poses.Geometry;

/// <summary>What is taken out of a pose: where it is, how large it is and, on request, which way it is turned.</summary>
public sealed record PoseNormalization
{
    /// <summary>Mean keypoint (0,0), root mean square distance from it 1, not turned.</summary>
    public static PoseNormalization Default { get; } = new();

    /// <summary>Which point becomes (0,0).</summary>
    public PoseOrigin Origin { get; init; }

    /// <summary>The keypoints whose mean becomes (0,0); with <see cref="PoseOrigin.Keypoints"/> only.</summary>
    public ImmutableArray<string> OriginKeypoints { get; init; } = [];

    /// <summary>Which length becomes 1.</summary>
    public PoseUnit Unit { get; init; }

    /// <summary>The keypoints whose mean is one end of the length; with <see cref="PoseUnit.Length"/> only.</summary>
    public ImmutableArray<string> LengthFrom { get; init; } = [];

    /// <summary>The keypoints whose mean is its other end.</summary>
    public ImmutableArray<string> LengthTo { get; init; } = [];

    /// <summary>
    /// The keypoint that comes to lie straight below (greater y) <see cref="UprightTo"/>: the pose is turned about its
    /// origin; such as the pelvis, with the neck above. Null: not turned.
    /// </summary>
    public string? UprightFrom { get; init; }

    /// <summary>The keypoint that comes to lie straight above <see cref="UprightFrom"/>; given with it or not at all.</summary>
    public string? UprightTo { get; init; }

    /// <inheritdoc/>
    public bool Equals(PoseNormalization? other) =>
        other is not null && Origin == other.Origin && OriginKeypoints.SequenceEqual(other.OriginKeypoints) && Unit == other.Unit
        && LengthFrom.SequenceEqual(other.LengthFrom) && LengthTo.SequenceEqual(other.LengthTo) && UprightFrom == other.UprightFrom
        && UprightTo == other.UprightTo;

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(Origin, OriginKeypoints.Length, Unit, LengthFrom.Length, LengthTo.Length, UprightFrom, UprightTo);
}

/// <summary>Which point of a pose becomes (0,0).</summary>
public enum PoseOrigin
{
    /// <summary>The mean of its keypoints.</summary>
    Mean,

    /// <summary>The centre of the smallest box around them.</summary>
    Box,

    /// <summary>The mean of the keypoints that <see cref="PoseNormalization.OriginKeypoints"/> names.</summary>
    Keypoints,

    /// <summary>(0,0): the pose is not moved.</summary>
    Unchanged,
}

/// <summary>Which length of a pose becomes 1.</summary>
public enum PoseUnit
{
    /// <summary>The root mean square distance of the keypoints from their mean.</summary>
    RootMeanSquare,

    /// <summary>The larger side of the smallest box around them.</summary>
    Box,

    /// <summary>
    /// The distance between the means of <see cref="PoseNormalization.LengthFrom"/> and
    /// <see cref="PoseNormalization.LengthTo"/>, such as the torso's.
    /// </summary>
    Length,

    /// <summary>1: the pose keeps its size.</summary>
    Unchanged,
}
