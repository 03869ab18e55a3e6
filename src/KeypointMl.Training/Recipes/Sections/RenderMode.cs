namespace KeypointMl.Training;

/// <summary>What β draws.</summary>
public enum RenderMode
{
    /// <summary><c>edges</c>: the skeleton's edges as lines.</summary>
    Edges,

    /// <summary><c>points</c>: the keypoints as dots, for skeletons without edges.</summary>
    Points,
}
