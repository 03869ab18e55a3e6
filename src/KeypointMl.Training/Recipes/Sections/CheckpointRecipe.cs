using System.ComponentModel.DataAnnotations;

namespace KeypointMl.Training;

/// <summary><c>checkpoints</c>: how often training can be resumed from.</summary>
public sealed record CheckpointRecipe
{
    /// <summary><c>every</c> so many steps, and at the end; default 1000. 0: only at the end and when interrupted.</summary>
    [Range(0, 100_000_000)]
    public int Every { get; init; } = 1000;
}
