using System.ComponentModel.DataAnnotations;

namespace KeypointMl.Training.Recipes.Sections;

/// <summary>
/// <c>networks</c>: the sizes of Φ, Ψ, η and D. A width is the number of channels at full resolution; the trunk doubles
/// it three times.
/// </summary>
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

    /// <summary>
    /// <c>encoder</c>: the network of Φ that a program of your own has registered, by its name; null (the default): the
    /// authors'.
    /// </summary>
    public string? Encoder { get; init; }

    /// <summary>
    /// <c>generator</c>: the network of Ψ that a program of your own has registered, by its name; null (the default):
    /// the authors'.
    /// </summary>
    public string? Generator { get; init; }

    /// <summary><c>discriminator</c>: the multi-scale discriminator D.</summary>
    public DiscriminatorRecipe Discriminator { get; init; } = new();

    /// <summary>
    /// <c>style_pooling</c>: average-pool the code of x′ to one vector, so that it can carry appearance but no layout;
    /// default false, the authors'.
    /// </summary>
    public bool StylePooling { get; init; }
}

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

/// <summary><c>imm</c>: the bottleneck of <c>method: imm</c>.</summary>
public sealed record ImmRecipe
{
    /// <summary>
    /// <c>landmarks</c>: how many points the bottleneck has; they need not be as many as the keypoints. Default 30, one
    /// of the authors' settings.
    /// </summary>
    [Range(1, 1000)]
    public int Landmarks { get; init; } = 30;

    /// <summary><c>gaussian_sd</c>: σ of exp(−‖u − μ‖²/σ²), in the networks' coordinates; default 0.1, the authors'.</summary>
    [Range(1e-3, 10)]
    public double GaussianSd { get; init; } = 0.1;
}

/// <summary>
/// <c>ablation</c>: the steps from CycleGAN to KeypointGAN (table 4 of the paper). The defaults are KeypointGAN.
/// CycleGAN: no condition, no bottleneck, a second cycle; then in the table's order: the condition, the bottleneck, and
/// no second cycle.
/// </summary>
public sealed record AblationRecipe
{
    /// <summary>
    /// <c>condition</c>: Ψ sees x′, the other image, beside the skeleton image; default true. Without it and with the
    /// bottleneck training fails (section 5.4).
    /// </summary>
    public bool Condition { get; init; } = true;

    /// <summary>
    /// <c>bottleneck</c>: Ψ sees y* = β(η(Φ(x))); false: Φ(x) itself, in which Φ can hide the appearance (figure 4).
    /// Default true.
    /// </summary>
    public bool Bottleneck { get; init; } = true;

    /// <summary>
    /// <c>second_cycle</c>: the skeleton images are reconstructed too, ȳ → Ψ(ȳ, x′) → Φ → ȳ, and a second discriminator
    /// tells the images Ψ(ȳ, x′) from real ones; default false.
    /// </summary>
    public bool SecondCycle { get; init; }
}
