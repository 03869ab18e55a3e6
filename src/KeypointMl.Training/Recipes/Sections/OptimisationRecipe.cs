using System.ComponentModel.DataAnnotations;

namespace KeypointMl.Training.Recipes.Sections;

/// <summary><c>training</c>: the joint optimisation of Φ, Ψ, D and η, one Adam for each of (Φ,Ψ), D and η.</summary>
public sealed record OptimisationRecipe
{
    /// <summary><c>steps</c>; default 300,000 (the authors do not say how many they took).</summary>
    [Range(1, 100_000_000)]
    public int Steps { get; init; } = 300_000;

    /// <summary><c>batch</c>: pairs per step; default 16, the authors'.</summary>
    [Range(1, 1024)]
    public int Batch { get; init; } = 16;

    /// <summary><c>learning_rate</c> of Φ, and of Ψ unless it has its own; default 2e-4, the authors'.</summary>
    [Range(1e-8, 1)]
    public double LearningRate { get; init; } = 2e-4;

    /// <summary><c>generator_learning_rate</c> of Ψ; null (the default): Φ's.</summary>
    [Range(1e-8, 1)]
    public double? GeneratorLearningRate { get; init; }

    /// <summary><c>discriminator_learning_rate</c>; default 2e-4, the authors'.</summary>
    [Range(1e-8, 1)]
    public double DiscriminatorLearningRate { get; init; } = 2e-4;

    /// <summary><c>regressor_learning_rate</c>; default 2e-4, the authors'.</summary>
    [Range(1e-8, 1)]
    public double RegressorLearningRate { get; init; } = 2e-4;

    /// <summary><c>betas</c>: Adam's decay rates of the first and second moment; default [0.5, 0.999], the authors'.</summary>
    [Range(0, 0.999999)]
    public NumberPair Betas { get; init; } = new(0.5, 0.999);

    /// <summary>
    /// <c>decay_from</c>: the fraction of the steps after which all rates fall linearly to 0; default 1: never, as the
    /// authors.
    /// </summary>
    [Range(0, 1)]
    public double DecayFrom { get; init; } = 1;

    /// <summary>
    /// <c>gradient_clip</c>: largest norm of the gradient of each optimiser's parameters; default 1, the authors'.
    /// Null: no clipping.
    /// </summary>
    [Range(1e-6, 1e6)]
    public double? GradientClip { get; init; } = 1;

    /// <summary>
    /// <c>ema_decay</c> of the averaged weights that are evaluated and exported; default 0: the weights themselves, as
    /// the authors.
    /// </summary>
    [Range(0, 0.999999)]
    public double EmaDecay { get; init; }

    /// <summary>
    /// <c>initialise_from</c>: a run's folder, or one of its checkpoints: Φ, η, Ψ (their averages) and D start from it,
    /// as in the paper's training on VoxCeleb2 and then on 300-W. Its keypoints must be the same, and its networks as
    /// wide. Null (the default): random weights. Set <c>regressor_pretraining.steps</c> to 0 to keep its η.
    /// </summary>
    public string? InitialiseFrom { get; init; }

    /// <summary>
    /// <c>device</c>: <c>auto</c> (the default: CUDA device 0 where there is one, else the CPU), <c>cpu</c>,
    /// <c>cuda</c> or <c>cuda:N</c>. Where a run is computed is not part of what it is: two recipes that differ in this
    /// alone are the same, and a run may be gone on with on another device.
    /// </summary>
    [RecipePlace]
    public string Device { get; init; } = "auto";

    /// <summary>
    /// <c>threads</c>: how many libtorch computes with on a CPU. 0 (the default): as many as it takes by itself; how many those
    /// were is then written into the run, which goes on with as many on any
    /// machine, for a sum over several threads is another one. Two recipes that differ in this alone are the same.
    /// </summary>
    [RecipePlace]
    [Range(0, 4096)]
    public int Threads { get; init; }

    /// <summary>
    /// <c>precision</c>: <c>fp32</c> (the default), or <c>bf16</c>, in which the convolutions of the networks being
    /// trained are computed.
    /// </summary>
    public TrainingPrecision Precision { get; init; } = TrainingPrecision.Fp32;

    /// <summary><c>image_pool</c>: size of D's history buffer of earlier fakes; default 50, the authors'. 0: none.</summary>
    [Range(0, 100_000)]
    public int ImagePool { get; init; } = 50;
}

/// <summary>
/// What the convolutions of the networks being trained compute with. Weights, averages, losses, β and what leaves a
/// network are 32-bit floats either way.
/// </summary>
public enum TrainingPrecision
{
    /// <summary>32-bit floats (on a GPU, cuDNN rounds their products' factors to TF32, as PyTorch's default is).</summary>
    Fp32,

    /// <summary>bfloat16: the range of 32-bit floats with 8 bits of precision, at several times the speed on tensor cores.</summary>
    Bf16,
}

/// <summary>
/// <c>regressor_pretraining</c>: η learns to read rendered prior poses before anything else is trained (supplementary
/// of the paper). No image is seen.
/// </summary>
public sealed record PretrainingRecipe
{
    /// <summary><c>steps</c>; default 580,000, the step that names the authors' checkpoint. 0: no pre-training.</summary>
    [Range(0, 100_000_000)]
    public int Steps { get; init; } = 580_000;

    /// <summary><c>batch</c>: poses per step; default 16.</summary>
    [Range(1, 4096)]
    public int Batch { get; init; } = 16;

    /// <summary><c>learning_rate</c> of Adam; default 2e-4.</summary>
    [Range(1e-8, 1)]
    public double LearningRate { get; init; } = 2e-4;

    /// <summary><c>decay_from</c>: the fraction of the steps after which the rate falls linearly to 0; default 1: never.</summary>
    [Range(0, 1)]
    public double DecayFrom { get; init; } = 1;
}
