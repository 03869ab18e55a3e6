using System.ComponentModel.DataAnnotations;

namespace KeypointMl.Training.Recipes.Sections;

/// <summary>
/// <c>pairs.thin_plate_spline</c>: random thin-plate splines on a 10×10 grid of control points; all defaults are the
/// authors'.
/// </summary>
public sealed record ThinPlateSplineRecipe
{
    /// <summary><c>enabled</c>: warp every pair; default false.</summary>
    public bool Enabled { get; init; }

    /// <summary><c>rotation_sd_degrees</c>: standard deviation of the rotation; default 5.</summary>
    [Range(0, 180)]
    public double RotationSdDegrees { get; init; } = 5;

    /// <summary><c>scale_sd</c>: standard deviation of the relative change of size; default 0.05.</summary>
    [Range(0, 1)]
    public double ScaleSd { get; init; } = 0.05;

    /// <summary>
    /// <c>translation_sd</c>: standard deviation of the shift, in the coordinates of the image padded by half its size
    /// (twice this in the image's own); default 0.05.
    /// </summary>
    [Range(0, 1)]
    public double TranslationSd { get; init; } = 0.05;

    /// <summary>
    /// <c>warp_style_sd</c>: standard deviations of the weights of x′'s spline: of every one, and of what a random half
    /// of them gets on top; default [0.0005, 0.005].
    /// </summary>
    [Range(0, 1)]
    public NumberPair WarpStyleSd { get; init; } = new(0.0005, 0.005);

    /// <summary><c>warp_target_sd</c>: the same for x; default [0, 0].</summary>
    [Range(0, 1)]
    public NumberPair WarpTargetSd { get; init; } = new(0, 0);
}
