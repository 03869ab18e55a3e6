using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;

namespace KeypointMl.Training;

/// <summary><c>data</c>: what is learnt from.</summary>
public sealed record DataRecipe
{
    /// <summary><c>manifest</c>: path of the data manifest, relative to the working directory. Required.</summary>
    [Required]
    public string Manifest { get; init; } = "";

    /// <summary><c>train_split</c>: the split whose unlabelled frames are seen in training; default <c>train</c>.</summary>
    [Required]
    public string TrainSplit { get; init; } = "train";

    /// <summary><c>seed</c>: the seed of a synthetic data set; null (the default): the recipe's own seed.</summary>
    public ulong? Seed { get; init; }

    /// <summary><c>options</c>: settings that the manifest's reader understands, such as the puppets' <c>training_videos</c>; default none.</summary>
    public ImmutableSortedDictionary<string, string> Options { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <inheritdoc/>
    public bool Equals(DataRecipe? other) =>
        other is not null && Manifest == other.Manifest && TrainSplit == other.TrainSplit && Seed == other.Seed && Options.SequenceEqual(other.Options);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Manifest, TrainSplit, Seed, Options.Count);
}
