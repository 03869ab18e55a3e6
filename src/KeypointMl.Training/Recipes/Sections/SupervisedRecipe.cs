using System.ComponentModel.DataAnnotations;

namespace KeypointMl.Training;

/// <summary><c>supervised</c>: the detector of <c>method: supervised</c>.</summary>
public sealed record SupervisedRecipe
{
    /// <summary><c>detector</c>: <c>phi-eta</c>, our own (the default), <c>hourglass</c>, the paper's baseline, or <c>student</c>, a distillation's.</summary>
    public SupervisedDetector Detector { get; init; } = SupervisedDetector.PhiEta;

    /// <summary><c>stacks</c> of the hourglass; default 2. Newell et al. have up to 8.</summary>
    [Range(1, 16)]
    public int Stacks { get; init; } = 2;

    /// <summary><c>features</c>: the hourglass's channels; default 256, as Newell et al.</summary>
    [Range(4, 1024)]
    public int Features { get; init; } = 256;

    /// <summary><c>depth</c>: how often an hourglass halves its maps, which begin at a quarter of the image's size; default 4, as Newell et al.</summary>
    [Range(1, 6)]
    public int Depth { get; init; } = 4;
}
