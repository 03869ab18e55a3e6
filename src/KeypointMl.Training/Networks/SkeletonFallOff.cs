namespace KeypointMl.Training;

/// <summary>How brightness falls off with the distance d (in [−1,1] units) from the skeleton's lines.</summary>
/// <param name="Kind">The form of the fall-off.</param>
/// <param name="Value">γ for <see cref="FallOff.Squared"/>, σ² for <see cref="FallOff.Linear"/>; greater than zero.</param>
public readonly record struct SkeletonFallOff(FallOff Kind, double Value)
{
    /// <summary>exp(−γ·d²): equation 2.</summary>
    public static SkeletonFallOff Squared(double gamma) => new(FallOff.Squared, gamma);

    /// <summary>exp(−√(d²+10⁻⁶)/σ²): the authors' release (σ = 0.2).</summary>
    public static SkeletonFallOff Linear(double sigmaSquared) => new(FallOff.Linear, sigmaSquared);

    /// <summary>The fall-off that a recipe asks for.</summary>
    public static SkeletonFallOff From(RendererRecipe recipe) =>
        recipe.FallOff == FallOff.Squared ? Squared(recipe.Gamma!.Value) : Linear(recipe.SigmaSquared!.Value);
}
