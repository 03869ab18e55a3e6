using System.ComponentModel.DataAnnotations;

namespace KeypointMl.Training;

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
