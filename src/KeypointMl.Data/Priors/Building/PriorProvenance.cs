using System.Text.Json;

namespace KeypointMl.Data.Priors.Building;

/// <summary>Where a built prior came from: what stands in the JSON file beside its CSV.</summary>
public sealed record PriorProvenance
{
    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    /// <summary>The recipe's name.</summary>
    public required string Recipe { get; init; }

    /// <summary>The SHA-256 of the recipe file.</summary>
    public required string RecipeSha256 { get; init; }

    /// <summary>The seed of every draw.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The skeleton's name.</summary>
    public required string Skeleton { get; init; }

    /// <summary>Width of the crop in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Height of the crop in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>How many poses there are.</summary>
    public required int Poses { get; init; }

    /// <summary>How many poses the sources have.</summary>
    public required int SourcePoses { get; init; }

    /// <summary>How many poses were drawn or looked at.</summary>
    public required long Drawn { get; init; }

    /// <summary>How many of those were left out, by reason.</summary>
    public required IReadOnlyDictionary<string, int> Rejected { get; init; }

    /// <summary>The files it was built from.</summary>
    public required IReadOnlyList<PriorSourceFile> Sources { get; init; }

    /// <summary>As indented JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Format) + "\n";
}
