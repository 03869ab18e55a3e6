using System.ComponentModel.DataAnnotations;

namespace KeypointMl.Training;

/// <summary><c>pairs</c>: how x and x′ are drawn from a clip, and warped.</summary>
public sealed record PairRecipe
{
    /// <summary><c>min_distance</c> of the two frames, in frames; default 0. Shorter clips use the largest distance that they have.</summary>
    [Range(0, 1_000_000)]
    public int MinDistance { get; init; }

    /// <summary><c>max_distance</c> of the two frames, in frames; default 1000, the authors'.</summary>
    [Range(0, 1_000_000)]
    public int MaxDistance { get; init; } = 1000;

    /// <summary><c>thin_plate_spline</c>: pairs (g₁(x), g₂(x)) of one image, for data without video; off by default.</summary>
    public ThinPlateSplineRecipe ThinPlateSpline { get; init; } = new();

    /// <summary><c>style_affine</c>: a random affine of x′ alone, so that it cannot hand over the layout; default none, as in the paper.</summary>
    public AffineRange StyleAffine { get; init; } = new();
}
