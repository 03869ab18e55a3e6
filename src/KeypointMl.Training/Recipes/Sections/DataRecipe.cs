using System.ComponentModel.DataAnnotations;

namespace KeypointMl.Training.Recipes.Sections;

/// <summary><c>data</c>: what is learnt from.</summary>
public sealed record DataRecipe
{
    /// <summary><c>manifest</c>: path of the data manifest, relative to the working directory. Required.</summary>
    [Required]
    public string Manifest { get; init; } = "";

    /// <summary><c>seed</c>: the seed of a synthetic data set; null (the default): the recipe's own seed.</summary>
    public ulong? Seed { get; init; }
}

/// <summary><c>pairs</c>: how x and x′ are drawn from a clip, and warped.</summary>
public sealed record PairRecipe
{
    /// <summary>
    /// <c>min_distance</c> of the two frames, in frames; default 0. Shorter clips use the largest distance that they
    /// have.
    /// </summary>
    [Range(0, 1_000_000)]
    public int MinDistance { get; init; }

    /// <summary><c>max_distance</c> of the two frames, in frames; default 1000, the authors'.</summary>
    [Range(0, 1_000_000)]
    public int MaxDistance { get; init; } = 1000;

    /// <summary><c>thin_plate_spline</c>: pairs (g₁(x), g₂(x)) of one image, for data without video; off by default.</summary>
    public ThinPlateSplineRecipe ThinPlateSpline { get; init; } = new();

    /// <summary>
    /// <c>style_affine</c>: a random affine of x′ alone, so that it cannot hand over the layout; default none, as in
    /// the paper.
    /// </summary>
    public AffineRange StyleAffine { get; init; } = new();
}

/// <summary>
/// <c>augmentation</c>: one random affine of x per pair; x′ shares its mirror alone (its own warp is
/// <c>pairs.style_affine</c>). Off by default, as in the paper.
/// </summary>
public sealed record AugmentationRecipe
{
    /// <summary><c>rotation_degrees</c>: the largest rotation either way; 180 = any; default 0.</summary>
    [Range(0, 180)]
    public double RotationDegrees { get; init; }

    /// <summary><c>shift</c>: the largest shift along each axis, as a fraction of the frame; default 0.</summary>
    [Range(0, 1)]
    public double Shift { get; init; }

    /// <summary><c>scale</c>: the largest relative change of size, 0.1 = 0.9…1.1; default 0.</summary>
    [Range(0, 0.9)]
    public double Scale { get; init; }

    /// <summary><c>flip</c>: mirror half of the pairs, x and x′ alike; default false. The prior should then be flipped too.</summary>
    public bool Flip { get; init; }
}
