namespace KeypointMl.Training;

/// <summary>How two feature maps are compared.</summary>
public enum FeatureDistance
{
    /// <summary>Mean squared difference (equation 4).</summary>
    SquaredL2,

    /// <summary>Mean absolute difference (the release's option 'l1').</summary>
    L1,
}
