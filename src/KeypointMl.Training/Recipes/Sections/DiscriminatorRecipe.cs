using System.ComponentModel.DataAnnotations;

namespace KeypointMl.Training;

/// <summary><c>networks.discriminator</c>: the PatchGANs that judge y = Φ(x) against rendered prior poses.</summary>
public sealed record DiscriminatorRecipe
{
    /// <summary><c>width</c>: channels of the first layer ("ndf"); default 64, the authors'.</summary>
    [Range(1, 512)]
    public int Width { get; init; } = 64;

    /// <summary><c>layers</c>: strided 4×4 convolutions of each PatchGAN; default 3, the authors'.</summary>
    [Range(1, 6)]
    public int Layers { get; init; } = 3;

    /// <summary><c>scales</c>: the number of PatchGANs, at 1, 1/2, 1/4… of the size; default 3, the authors'.</summary>
    [Range(1, 5)]
    public int Scales { get; init; } = 3;
}
