using System.ComponentModel.DataAnnotations;

namespace KeypointMl.Training;

/// <summary><c>data</c>: what is learnt from.</summary>
public sealed record DataRecipe
{
    /// <summary><c>manifest</c>: path of the data manifest, relative to the working directory. Required.</summary>
    [Required]
    public string Manifest { get; init; } = "";

    /// <summary><c>seed</c>: the seed of a synthetic data set; null (the default): the recipe's own seed.</summary>
    public ulong? Seed { get; init; }
}
