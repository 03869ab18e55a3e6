namespace KeypointMl.Data;

/// <summary>What decides the colours of a drawn pose.</summary>
public enum PoseColoring
{
    /// <summary>Every edge has a hue of its own; keypoints are white.</summary>
    Edge,

    /// <summary>Left, right and middle, as the skeleton's symmetric pairs say.</summary>
    Side,

    /// <summary>The skeleton's groups of keypoints; what belongs to none has the colour of the middle.</summary>
    Group,
}
