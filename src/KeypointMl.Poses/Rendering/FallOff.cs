namespace KeypointMl.Poses;

/// <summary>How β's brightness falls with the distance d from the skeleton.</summary>
public enum FallOff
{
    /// <summary><c>linear</c>: exp(−d/σ²), as in the authors' release.</summary>
    Linear,

    /// <summary><c>squared</c>: exp(−γ·d²), as in equation 2 of the paper.</summary>
    Squared,
}
