using System.ComponentModel.DataAnnotations;
using KeypointMl.Poses.Rendering;

namespace KeypointMl.Training.Recipes.Sections;

/// <summary><c>renderer</c>: β, equation 2. Distances d are in the networks' coordinates, where the frame is 2 wide.</summary>
public sealed record RendererRecipe
{
    /// <summary><c>fall_off</c>: <c>linear</c>, the authors' release (the default), or <c>squared</c>, the paper.</summary>
    public FallOff FallOff { get; init; } = FallOff.Linear;

    /// <summary>
    /// <c>sigma_squared</c>: σ² of exp(−d/σ²); default 0.04, the release's σ = 0.2. With <c>fall_off: linear</c> only;
    /// a line should stay a few pixels wide.
    /// </summary>
    [Range(1e-4, 10)]
    public double? SigmaSquared { get; init; } = 0.04;

    /// <summary><c>gamma</c>: γ of exp(−γ·d²); null (the default) unless <c>fall_off: squared</c>.</summary>
    [Range(1e-2, 1e6)]
    public double? Gamma { get; init; }

    /// <summary><c>mode</c>: draw the skeleton's <c>edges</c> (the default), or its keypoints as <c>points</c>.</summary>
    public RenderMode Mode { get; init; } = RenderMode.Edges;
}

/// <summary>What β draws.</summary>
public enum RenderMode
{
    /// <summary><c>edges</c>: the skeleton's edges as lines.</summary>
    Edges,

    /// <summary><c>points</c>: the keypoints as dots, for skeletons without edges.</summary>
    Points,
}
