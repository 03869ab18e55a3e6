namespace KeypointMl.Poses.Rendering;

/// <summary>How brightness falls off with the distance d (in [−1,1] units) from the skeleton's lines.</summary>
/// <param name="Kind">The form of the fall-off.</param>
/// <param name="Value">γ for <see cref="FallOff.Squared"/>, σ² for <see cref="FallOff.Linear"/>; greater than zero.</param>
public readonly record struct SkeletonFallOff(FallOff Kind, double Value)
{
    /// <summary>What <see cref="FallOff.Linear"/> adds to d², so that the square root has a gradient at 0 (the authors' release).</summary>
    public const double DistanceEpsilon = 1e-6;

    /// <summary>exp(−γ·d²): equation 2.</summary>
    public static SkeletonFallOff Squared(double gamma) => new(FallOff.Squared, gamma);

    /// <summary>exp(−√(d²+10⁻⁶)/σ²): the authors' release (σ = 0.2).</summary>
    public static SkeletonFallOff Linear(double sigmaSquared) => new(FallOff.Linear, sigmaSquared);

    /// <summary>The brightness in [0,1] at a squared distance d² ≥ 0.</summary>
    public double Brightness(double squaredDistance) =>
        Kind == FallOff.Squared ? Math.Exp(-Value * squaredDistance) : Math.Exp(-Math.Sqrt(squaredDistance + DistanceEpsilon) / Value);
}

/// <summary>How β's brightness falls with the distance d from the skeleton.</summary>
public enum FallOff
{
    /// <summary><c>linear</c>: exp(−d/σ²), as in the authors' release.</summary>
    Linear,

    /// <summary><c>squared</c>: exp(−γ·d²), as in equation 2 of the paper.</summary>
    Squared,
}
