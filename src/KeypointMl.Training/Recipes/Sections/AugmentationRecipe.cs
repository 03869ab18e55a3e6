using System.ComponentModel.DataAnnotations;

namespace KeypointMl.Training;

/// <summary><c>augmentation</c>: one random affine of x per pair; x′ shares its mirror alone (its own warp is <c>pairs.style_affine</c>). Off by default, as in the paper.</summary>
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
