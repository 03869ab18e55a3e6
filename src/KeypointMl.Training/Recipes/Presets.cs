using System.Collections.Immutable;
using KeypointMl.Poses.Rendering;
using KeypointMl.Training.Recipes.Sections;

namespace KeypointMl.Training.Recipes;

/// <summary>The named sets of values that a recipe starts from: the only place where defaults of networks and optimisation stand.</summary>
public static class Presets
{
    /// <summary>
    /// The authors' settings at 128×128 (their release, Simplified Human3.6M), but for the reconstruction loss, whose
    /// pretrained weights are not part of this library: set <c>losses.reconstruction_kind</c> to <c>perceptual</c>, and
    /// <c>losses.perceptual.weights</c> to VGG-19's where they are at hand. For a GPU: a step is about 1 TFLOP.
    /// </summary>
    public static Recipe Paper128 { get; } = new() { Preset = "paper-128", Size = 128 };

    /// <summary>
    /// 64×64 in minutes on two cores: the authors' shapes at an eighth of the cost per pixel, larger steps with a
    /// decay, and the affine equivariance of η∘Φ, without which faces did not learn at all. Two D scales, because a
    /// third would see nothing but a 1×1 map.
    /// </summary>
    public static Recipe Cpu64 { get; } = Paper128 with
    {
        Preset = "cpu-64",
        Size = 64,
        Networks = new()
        {
            Width = 10,
            GeneratorWidth = 8,
            RegressorWidth = 10,
            Discriminator = new() { Width = 16, Layers = 3, Scales = 2 },
        },
        // A line must stay a few pixels wide: the coarser the frame, the larger σ². Thick lines (0.1 at 64 px) failed.
        Renderer = new() { FallOff = FallOff.Linear, SigmaSquared = 0.06 },
        Prior = new() { Scale = 0.05, Shift = 0.05, JointJitter = 0.005 },
        RegressorPretraining = new() { Steps = 700, Batch = 32, LearningRate = 1e-3, DecayFrom = 0.6 },
        Training = new()
        {
            Steps = 2000,
            Batch = 16,
            LearningRate = 1e-3,
            DiscriminatorLearningRate = 4e-4,
            RegressorLearningRate = 1e-3,
            DecayFrom = 0.6,
            EmaDecay = 0.99,
        },
        Losses = new() { Equivariance = 2, EquivarianceAffine = new() { RotationDegrees = 22.5, Shift = 0.075, Scale = 0.15 } },
        Evaluation = new() { Every = 500, Frames = 240 },
        Samples = new() { Every = 250, Rows = 6 },
        Checkpoints = new() { Every = 250 },
    };

    /// <summary><see cref="Cpu64"/> at 128×128: twice the cost per step, with thinner lines and half the batch.</summary>
    public static Recipe Cpu128 { get; } = Cpu64 with
    {
        Preset = "cpu-128",
        Size = 128,
        Networks = new()
        {
            Width = 8,
            GeneratorWidth = 8,
            RegressorWidth = 8,
            Discriminator = new() { Width = 16, Layers = 3, Scales = 3 },
        },
        Renderer = new() { FallOff = FallOff.Linear, SigmaSquared = 0.04 },
        Training = Cpu64.Training with { Batch = 8 },
    };

    /// <summary>
    /// <see cref="Cpu64"/> at 32×32 and very small: to try a data set or a change of the code in a minute, not for
    /// results.
    /// </summary>
    public static Recipe Cpu32 { get; } = Cpu64 with
    {
        Preset = "cpu-32",
        Size = 32,
        Networks = new()
        {
            Width = 8,
            GeneratorWidth = 8,
            RegressorWidth = 8,
            Discriminator = new() { Width = 16, Layers = 2, Scales = 2 },
        },
        Renderer = new() { FallOff = FallOff.Linear, SigmaSquared = 0.1 },
        Training = Cpu64.Training with { Steps = 500, Batch = 8 },
        Evaluation = new() { Every = 250, Frames = 120 },
    };

    /// <summary>
    /// For a GPU: the authors' networks at 128×128 with what made the CPU presets learn (the equivariance, averaged
    /// weights, learning rates that fall, a varied prior), twice their batch, and convolutions in bfloat16. The rates
    /// lie between the authors' and those of the CPU presets, whose networks are a third as wide. <b>It has not been
    /// trained yet.</b> The reconstruction loss needs no weights; for one that does, set
    /// <c>losses.reconstruction_kind: perceptual</c>.
    /// </summary>
    public static Recipe Gpu128 { get; } = Paper128 with
    {
        Preset = "gpu-128",
        Prior = Cpu64.Prior,
        RegressorPretraining = new() { Steps = 4000, Batch = 64, LearningRate = 5e-4, DecayFrom = 0.6 },
        Training = new()
        {
            Steps = 30_000,
            Batch = 32,
            LearningRate = 4e-4,
            DiscriminatorLearningRate = 2e-4,
            RegressorLearningRate = 4e-4,
            DecayFrom = 0.6,
            EmaDecay = 0.999,
            Precision = TrainingPrecision.Bf16,
        },
        Losses = Cpu64.Losses,
        Evaluation = new() { Every = 1000, Frames = 240 },
        Samples = new() { Every = 1000, Rows = 6 },
        Checkpoints = new() { Every = 1000 },
    };

    private static readonly ImmutableArray<Recipe> All = [Paper128, Cpu64, Cpu128, Cpu32, Gpu128];

    /// <summary>The names that <c>preset</c> may have.</summary>
    public static ImmutableArray<string> Names { get; } = [.. All.Select(recipe => recipe.Preset)];

    /// <summary>The preset of that name, or null.</summary>
    public static Recipe? Find(string name) => All.FirstOrDefault(recipe => recipe.Preset == name);
}
