using System.ComponentModel.DataAnnotations;
using KeypointMl.Training.Networks;

namespace KeypointMl.Training.Recipes.Sections;

/// <summary>
/// <c>articulation</c>: the first phase of <c>distill</c>, beyond the paper. The run that is distilled says where the
/// subject is and where it heads; in the crop that is cut out and turned upright by that, keypoints are learnt anew
/// from the same two teachers, the reconstruction and the prior, with a channel per part and sharp heat maps. No label
/// is seen.
/// </summary>
public sealed record ArticulationRecipe
{
    /// <summary>How many times smaller than the canonical crop the heat maps and part images are.</summary>
    internal const int Stride = 2;

    /// <summary><c>steps</c>; default 3000. 0: the student learns from the run itself.</summary>
    [Range(0, 100_000_000)]
    public int Steps { get; init; } = 3000;

    /// <summary>
    /// <c>warmup_steps</c>: how many of them fit the detector half to the run's keypoints, half to their mean, while
    /// the generator begins to draw; default 250.
    /// </summary>
    [Range(0, 1_000_000)]
    public int WarmupSteps { get; init; } = 250;

    /// <summary><c>batch</c>: pairs per step; default 8.</summary>
    [Range(1, 1024)]
    public int Batch { get; init; } = 8;

    /// <summary><c>size</c>: width and height of the canonical crop in pixels, a multiple of 16; default 80.</summary>
    [Range(32, 512)]
    public int Size { get; init; } = 80;

    /// <summary><c>extent</c>: the canonical crop's side as a fraction of the frame's; default 0.8.</summary>
    [Range(0.1, 2)]
    public double Extent { get; init; } = 0.8;

    /// <summary><c>scaled</c>: whether the crop follows the subject's size too; default false: its place and heading alone.</summary>
    public bool Scaled { get; init; }

    /// <summary><c>channels</c> of the part images: <c>edge</c> (the default), <c>group</c> or <c>one</c>.</summary>
    public PartChannels Channels { get; init; } = PartChannels.Edge;

    /// <summary><c>sigma_squared</c>: σ² of the parts' lines, exp(−d/σ²); default 0.05.</summary>
    [Range(0.001, 1)]
    public double SigmaSquared { get; init; } = 0.05;

    /// <summary><c>width</c> of the detector; default 12.</summary>
    [Range(1, 512)]
    public int Width { get; init; } = 12;

    /// <summary><c>generator_width</c>; default 12.</summary>
    [Range(1, 512)]
    public int GeneratorWidth { get; init; } = 12;

    /// <summary><c>discriminator</c> of the part images; default width 16, 3 layers, 1 scale.</summary>
    public DiscriminatorRecipe Discriminator { get; init; } = new() { Width = 16, Layers = 3, Scales = 1 };

    /// <summary><c>learning_rate</c> of detector and generator; default 1e-3.</summary>
    [Range(1e-8, 1)]
    public double LearningRate { get; init; } = 1e-3;

    /// <summary><c>discriminator_learning_rate</c>; default 4e-4.</summary>
    [Range(1e-8, 1)]
    public double DiscriminatorLearningRate { get; init; } = 4e-4;

    /// <summary>
    /// <c>betas</c>: Adam's decay rates of the first and second moment; default [0.5, 0.999], as in adversarial
    /// training.
    /// </summary>
    [Range(0, 0.999999)]
    public NumberPair Betas { get; init; } = new(0.5, 0.999);

    /// <summary><c>decay_from</c>: the fraction of the steps after which all rates fall linearly to 0; default 0.6.</summary>
    [Range(0, 1)]
    public double DecayFrom { get; init; } = 0.6;

    /// <summary>
    /// <c>views</c>: how canonical crops and prior poses are varied: they are only nearly upright; default 12°, shift
    /// 0.03, scale 0.05.
    /// </summary>
    public AffineRange Views { get; init; } = new() { RotationDegrees = 12, Shift = 0.03, Scale = 0.05 };

    /// <summary>
    /// <c>flip</c>: mirror half of the crops and prior poses; default true, without effect where the skeleton has no
    /// left and right.
    /// </summary>
    public bool Flip { get; init; } = true;

    /// <summary><c>joint_jitter</c> of the prior's poses, as a fraction of the crop; default 0.01.</summary>
    [Range(0, 1)]
    public double JointJitter { get; init; } = 0.01;

    /// <summary>
    /// <c>combine</c>: whether two of the prior's poses are combined to a new one in the subject's frame, with the
    /// prior's mean and covariance: for priors of few postures; default false.
    /// </summary>
    public bool Combine { get; init; }

    /// <summary><c>reconstruction</c>: λ of the reconstruction by local contrast; default 10.</summary>
    [Range(0, 1e6)]
    public double Reconstruction { get; init; } = 10;

    /// <summary><c>adversarial</c>: λ of the prior; default 1.</summary>
    [Range(0, 1e6)]
    public double Adversarial { get; init; } = 1;

    /// <summary><c>equivariance</c>: weight of the agreement of two views; default 2.</summary>
    [Range(0, 1e6)]
    public double Equivariance { get; init; } = 2;
}
