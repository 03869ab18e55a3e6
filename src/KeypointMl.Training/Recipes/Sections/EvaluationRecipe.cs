using System.ComponentModel.DataAnnotations;

namespace KeypointMl.Training.Recipes.Sections;

/// <summary><c>evaluation</c>: how often the error on the test split is measured while training. It never influences training.</summary>
public sealed record EvaluationRecipe
{
    /// <summary><c>every</c> so many steps, and at the end; default 1000. 0: only at the end.</summary>
    [Range(0, 100_000_000)]
    public int Every { get; init; } = 1000;

    /// <summary><c>frames</c> of the test split, spread evenly; null (the default): all. The final evaluation takes all.</summary>
    [Range(1, 100_000_000)]
    public int? Frames { get; init; }
}

/// <summary><c>samples</c>: the picture grids written while training.</summary>
public sealed record SampleRecipe
{
    /// <summary><c>every</c> so many steps, and at the end; default 1000. 0: only at the end.</summary>
    [Range(0, 100_000_000)]
    public int Every { get; init; } = 1000;

    /// <summary><c>rows</c> of the grid, one frame each; default 6.</summary>
    [Range(1, 64)]
    public int Rows { get; init; } = 6;
}

/// <summary><c>checkpoints</c>: how often training can be resumed from.</summary>
public sealed record CheckpointRecipe
{
    /// <summary><c>every</c> so many steps, and at the end; default 1000. 0: only at the end and when interrupted.</summary>
    [Range(0, 100_000_000)]
    public int Every { get; init; } = 1000;
}

/// <summary>
/// <c>postprocessing</c>: the supervised step that follows an unsupervised detector in the tables of the paper: a
/// linear regressor from predicted to labelled landmarks. It is fitted when training is over and changes nothing of it.
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
    /// <c>ridge</c>: λ of mean‖y − W·x − b‖² + λ‖W‖², landmarks in [−1,1]; null (the default): that of 10⁻⁷, 10⁻⁶ … 1
    /// with the smallest error in cross-validation.
    /// </summary>
    [Range(1e-12, 1e6)]
    public double? Ridge { get; init; }

    /// <summary><c>folds</c> of the cross-validation; frames of one clip are in one fold. Default 5.</summary>
    [Range(2, 100)]
    public int Folds { get; init; } = 5;
}
