namespace KeypointMl.Poses;

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
