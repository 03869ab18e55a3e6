using System.ComponentModel.DataAnnotations;

namespace KeypointMl.Training;

/// <summary>
/// <c>postprocessing</c>: the supervised step that follows an unsupervised detector in the tables of the paper: a linear regressor from predicted to labelled landmarks.
/// It is fitted when training is over and changes nothing of it.
/// </summary>
public sealed record PostprocessingRecipe
{
    /// <summary><c>enabled</c>: fit it at the end of training; default false. <c>keypointml postprocess</c> does it afterwards.</summary>
    public bool Enabled { get; init; }

    /// <summary><c>split</c>: the labelled frames that it is fitted to; default <c>train</c>.</summary>
    [Required]
    public string Split { get; init; } = "train";

    /// <summary><c>frames</c> of that split, spread evenly; null (the default): all.</summary>
    [Range(2, 100_000_000)]
    public int? Frames { get; init; }

    /// <summary>
    /// <c>ridge</c>: λ of mean‖y − W·x − b‖² + λ‖W‖², landmarks in [−1,1]; null (the default): that of 10⁻⁷, 10⁻⁶ … 1 with the smallest error in cross-validation.
    /// </summary>
    [Range(1e-12, 1e6)]
    public double? Ridge { get; init; }

    /// <summary><c>folds</c> of the cross-validation; frames of one clip are in one fold. Default 5.</summary>
    [Range(2, 100)]
    public int Folds { get; init; } = 5;
}
