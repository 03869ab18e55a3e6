namespace KeypointMl.Training;

/// <summary>
/// <c>ablation</c>: the steps from CycleGAN to KeypointGAN (table 4 of the paper). The defaults are KeypointGAN. CycleGAN: no condition, no bottleneck, a second cycle;
/// then in the table's order: the condition, the bottleneck, and no second cycle.
/// </summary>
public sealed record AblationRecipe
{
    /// <summary><c>condition</c>: Ψ sees x′, the other image, beside the skeleton image; default true. Without it and with the bottleneck training fails (section 5.4).</summary>
    public bool Condition { get; init; } = true;

    /// <summary><c>bottleneck</c>: Ψ sees y* = β(η(Φ(x))); false: Φ(x) itself, in which Φ can hide the appearance (figure 4). Default true.</summary>
    public bool Bottleneck { get; init; } = true;

    /// <summary>
    /// <c>second_cycle</c>: the skeleton images are reconstructed too, ȳ → Ψ(ȳ, x′) → Φ → ȳ, and a second discriminator tells the images Ψ(ȳ, x′) from real ones; default false.
    /// </summary>
    public bool SecondCycle { get; init; }
}
