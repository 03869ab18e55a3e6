using KeypointMl.Data;
using KeypointMl.Training.Recipes.Sections;

namespace KeypointMl.Training.Augmentations;

/// <summary>Random affine maps of a crop: rotation about its centre, scale, shift, mirror.</summary>
/// <param name="RotationDegrees">Uniform in ±this; 180 is any rotation.</param>
/// <param name="Scale">Uniform in 1 ± this.</param>
/// <param name="Shift">Uniform in ± this fraction of the crop, per axis.</param>
/// <param name="FlipProbability">Probability of a left-right mirror.</param>
public sealed record AffineDistribution(double RotationDegrees, double Scale, double Shift, double FlipProbability = 0)
{
    /// <summary>Whether every draw is the identity.</summary>
    public bool IsIdentity => this is { RotationDegrees: 0, Scale: 0, Shift: 0, FlipProbability: 0 };

    /// <summary>Draws one map.</summary>
    public AffineMap Sample(ref SeededRandom random)
    {
        double angle = random.Uniform(-1, 1) * RotationDegrees * Math.PI / 180;
        double scale = 1 + random.Uniform(-1, 1) * Scale;
        double shiftX = 2 * random.Uniform(-1, 1) * Shift;
        double shiftY = 2 * random.Uniform(-1, 1) * Shift;
        double mirror = random.Chance(FlipProbability) ? -1 : 1;
        return new AffineMap(
            (float)(scale * Math.Cos(angle) * mirror), (float)(-scale * Math.Sin(angle)), (float)shiftX,
            (float)(scale * Math.Sin(angle) * mirror), (float)(scale * Math.Cos(angle)), (float)shiftY);
    }

    /// <summary>The distribution of a recipe's range; any rotation from 180° on.</summary>
    public static AffineDistribution From(AffineRange range) => new(Math.Min(range.RotationDegrees, 180), range.Scale, range.Shift);

    /// <summary>The distribution of a recipe's image augmentation.</summary>
    public static AffineDistribution From(AugmentationRecipe recipe) =>
        new(Math.Min(recipe.RotationDegrees, 180), recipe.Scale, recipe.Shift, recipe.Flip ? 0.5 : 0);
}
