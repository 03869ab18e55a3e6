namespace KeypointMl.Poses;

/// <summary>Which length of a pose becomes 1.</summary>
public enum PoseUnit
{
    /// <summary>The root mean square distance of the keypoints from their mean.</summary>
    RootMeanSquare,

    /// <summary>The larger side of the smallest box around them.</summary>
    Box,

    /// <summary>The distance between the means of <see cref="PoseNormalization.LengthFrom"/> and <see cref="PoseNormalization.LengthTo"/>, such as the torso's.</summary>
    Length,

    /// <summary>1: the pose keeps its size.</summary>
    Unchanged,
}
