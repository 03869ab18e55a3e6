using System.ComponentModel.DataAnnotations;

namespace KeypointMl.Training;

/// <summary><c>regressor_pretraining</c>: η learns to read rendered prior poses before anything else is trained (supplementary of the paper). No image is seen.</summary>
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
