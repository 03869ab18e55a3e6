using System.ComponentModel.DataAnnotations;

namespace KeypointMl.Training;

/// <summary><c>networks</c>: the sizes of Φ, Ψ, η and D. A width is the number of channels at full resolution; the trunk doubles it three times.</summary>
public sealed record NetworkRecipe
{
    /// <summary><c>width</c> of the pose encoder Φ; default 32, the authors'.</summary>
    [Range(1, 512)]
    public int Width { get; init; } = 32;

    /// <summary><c>generator_width</c> of the conditional generator Ψ; default 32, the authors'.</summary>
    [Range(1, 512)]
    public int GeneratorWidth { get; init; } = 32;

    /// <summary><c>regressor_width</c> of the keypoint regressor η; default 32, the authors'.</summary>
    [Range(1, 512)]
    public int RegressorWidth { get; init; } = 32;

    /// <summary><c>discriminator</c>: the multi-scale discriminator D.</summary>
    public DiscriminatorRecipe Discriminator { get; init; } = new();

    /// <summary><c>style_pooling</c>: average-pool the code of x′ to one vector, so that it can carry appearance but no layout; default false, the authors'.</summary>
    public bool StylePooling { get; init; }
}
