using System.ComponentModel.DataAnnotations;

namespace KeypointMl.Training.Recipes.Sections;

/// <summary>
/// <c>prior</c>: how every draw p̄ of a prior pose is varied, so that the prior is spread as widely as the poses in the
/// images. Uniform draws; about the centre of the crop.
/// </summary>
public sealed record PriorRecipe
{
    /// <summary>
    /// <c>poses</c>: how many of the prior's poses are used, drawn with the recipe's seed (table 5 of the paper); null (the default): all.
    /// </summary>
    [Range(1, 1_000_000_000)]
    public int? Poses { get; init; }

    /// <summary><c>rotation_degrees</c>: the largest rotation either way; 180 = any heading; default 0.</summary>
    [Range(0, 180)]
    public double RotationDegrees { get; init; }

    /// <summary><c>scale</c>: the largest relative change of size, 0.05 = 0.95…1.05; default 0.</summary>
    [Range(0, 0.9)]
    public double Scale { get; init; }

    /// <summary><c>shift</c>: the largest shift along each axis, as a fraction of the crop; default 0.</summary>
    [Range(0, 1)]
    public double Shift { get; init; }

    /// <summary><c>flip</c>: mirror every other pose, swapping left and right keypoints; default false.</summary>
    public bool Flip { get; init; }

    /// <summary>
    /// <c>joint_jitter</c>: standard deviation of independent noise on every coordinate, as a fraction of the crop;
    /// default 0.
    /// </summary>
    [Range(0, 0.5)]
    public double JointJitter { get; init; }
}
