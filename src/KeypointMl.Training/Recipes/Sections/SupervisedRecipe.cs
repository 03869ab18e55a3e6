using System.ComponentModel.DataAnnotations;

namespace KeypointMl.Training.Recipes.Sections;

/// <summary><c>supervised</c>: the detector of <c>method: supervised</c>.</summary>
public sealed record SupervisedRecipe
{
    /// <summary>
    /// <c>detector</c>: <c>phi-eta</c>, our own (the default), <c>hourglass</c>, the paper's baseline, or
    /// <c>student</c>, a distillation's.
    /// </summary>
    public SupervisedDetector Detector { get; init; } = SupervisedDetector.PhiEta;

    /// <summary><c>stacks</c> of the hourglass; default 2. Newell et al. have up to 8.</summary>
    [Range(1, 16)]
    public int Stacks { get; init; } = 2;

    /// <summary><c>features</c>: the hourglass's channels; default 256, as Newell et al.</summary>
    [Range(4, 1024)]
    public int Features { get; init; } = 256;

    /// <summary>
    /// <c>depth</c>: how often an hourglass halves its maps, which begin at a quarter of the image's size; default 4,
    /// as Newell et al.
    /// </summary>
    [Range(1, 6)]
    public int Depth { get; init; } = 4;
}

/// <summary>What the supervised baseline trains.</summary>
public enum SupervisedDetector
{
    /// <summary><c>phi-eta</c>: the same Φ and η as KeypointGAN, on the labels' coordinates.</summary>
    PhiEta,

    /// <summary>
    /// <c>hourglass</c>: a stacked hourglass on heat maps (Newell et al. 2016), the fully supervised row of the paper's
    /// tables 1 and 2.
    /// </summary>
    Hourglass,

    /// <summary>
    /// <c>student</c>: the network of a distillation's student (<c>student.width</c>, <c>student.stride</c>), what a
    /// student's error is to be compared with.
    /// </summary>
    Student,
}
