using System.ComponentModel.DataAnnotations;

namespace KeypointMl.Training.Recipes.Sections;

/// <summary>The range from which random affine maps are drawn, uniformly and about the frame's centre. All zero: the identity.</summary>
public sealed record AffineRange
{
    /// <summary><c>rotation_degrees</c>: the largest rotation either way; default 0.</summary>
    [Range(0, 180)]
    public double RotationDegrees { get; init; }

    /// <summary><c>shift</c>: the largest shift along each axis, as a fraction of the frame; default 0.</summary>
    [Range(0, 1)]
    public double Shift { get; init; }

    /// <summary><c>scale</c>: the largest relative change of size, 0.1 = 0.9…1.1; default 0.</summary>
    [Range(0, 0.9)]
    public double Scale { get; init; }

    /// <summary>True where nothing but the identity can be drawn.</summary>
    [RecipeIgnore]
    public bool IsIdentity => RotationDegrees == 0 && Shift == 0 && Scale == 0;
}

/// <summary>Two numbers, in YAML <c>[first, second]</c>.</summary>
/// <param name="First">The first number.</param>
/// <param name="Second">The second number.</param>
public readonly record struct NumberPair(double First, double Second);
