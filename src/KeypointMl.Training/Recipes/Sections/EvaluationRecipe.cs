using System.ComponentModel.DataAnnotations;

namespace KeypointMl.Training;

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
