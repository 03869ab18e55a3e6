using System.Text.Json;
using System.Text.Json.Nodes;
using KeypointMl.Imaging.Files;
using KeypointMl.Poses.Rendering;

namespace KeypointMl.Inference.Contracts;

/// <summary>How a generator's β draws skeletons: <c>renderer</c> of its provenance, in the words of a recipe.</summary>
/// <param name="FallOff">Form and strength of the fall-off.</param>
/// <param name="DrawsPoints">Whether keypoints are drawn, and no edges.</param>
public readonly record struct GeneratorRenderer(SkeletonFallOff FallOff, bool DrawsPoints)
{
    /// <summary>The key in the provenance.</summary>
    public const string Key = "renderer";

    private const string Kind = "fall_off";
    private const string Linear = "linear";
    private const string Squared = "squared";
    private const string SigmaSquared = "sigma_squared";
    private const string Gamma = "gamma";
    private const string Mode = "mode";
    private const string Points = "points";
    private const string Edges = "edges";

    /// <summary>Reads it from a model's metadata; null where nothing is said of it, as by the exporters before version 0.2.</summary>
    /// <exception cref="InvalidDataException">It is not what an exporter writes.</exception>
    public static GeneratorRenderer? Find(ModelMetadata metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return Find(metadata, "The model");
    }

    /// <summary>The same for a file that is being loaded.</summary>
    internal static GeneratorRenderer? Find(ModelMetadata metadata, string model)
    {
        using var provenance = JsonDocument.Parse(metadata.Provenance);
        if (!provenance.RootElement.TryGetProperty(Key, out JsonElement renderer))
            return null;
        SkeletonFallOff? fallOff = TextOf(renderer, Kind) switch
        {
            Linear when PositiveOf(renderer, SigmaSquared) is double value => SkeletonFallOff.Linear(value),
            Squared when PositiveOf(renderer, Gamma) is double value => SkeletonFallOff.Squared(value),
            _ => null,
        };
        bool? drawsPoints = TextOf(renderer, Mode) switch { Edges => false, Points => true, _ => null };
        return fallOff is { } drawn && drawsPoints is bool points
            ? new GeneratorRenderer(drawn, points)
            : throw new InvalidDataException(
                $"{model} breaks the KeypointMl model contract: its provenance's '{Key}' is "
                + $"{PrintableText.Shorten(renderer.GetRawText())}; expected {Kind} ({Linear} with {SigmaSquared}, or {Squared} "
                + $"with {Gamma}) and {Mode} ({Edges} or {Points}). Export the model again.");
    }

    /// <summary>What an exporter writes.</summary>
    public JsonObject ToJson() => new()
    {
        [Kind] = FallOff.Kind == Poses.Rendering.FallOff.Linear ? Linear : Squared,
        [FallOff.Kind == Poses.Rendering.FallOff.Linear ? SigmaSquared : Gamma] = FallOff.Value,
        [Mode] = DrawsPoints ? Points : Edges,
    };

    private static string? TextOf(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement value)
            && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static double? PositiveOf(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetDouble(out double number) && number > 0 && double.IsFinite(number) ? number : null;
}
