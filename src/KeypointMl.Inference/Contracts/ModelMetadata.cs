using System.Text.Json;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Inference.Contracts;

/// <summary>
/// What an exported graph says about itself in its ONNX <c>metadata_props</c>: kind, skeleton and provenance. Exporters write
/// <see cref="ToProperties"/>; loaders read <see cref="Parse"/>.
/// </summary>
public sealed record ModelMetadata
{
    /// <summary>The version of the contract that this library reads and writes.</summary>
    public const string ContractVersion = "1";

    /// <summary>The key of the contract's version.</summary>
    public const string ContractKey = "keypointml.contract";

    /// <summary>The key of the graph's kind: <c>detector</c> or <c>generator</c>.</summary>
    public const string KindKey = "keypointml.kind";

    /// <summary>The key of the skeleton's JSON (<see cref="Skeleton.ToJson"/>).</summary>
    public const string SkeletonKey = "keypointml.skeleton";

    /// <summary>The key of the provenance's JSON: recipe and its hash, data, seed, steps, versions, measured error.</summary>
    public const string ProvenanceKey = "keypointml.provenance";

    /// <summary>Checks and stores the parts.</summary>
    /// <param name="kind">Detector or generator.</param>
    /// <param name="skeleton">Names the K keypoints.</param>
    /// <param name="provenance">A JSON object that says where the model comes from.</param>
    /// <exception cref="ArgumentException"><paramref name="provenance"/> is not the text of a JSON object.</exception>
    public ModelMetadata(ModelKind kind, Skeleton skeleton, string provenance)
    {
        ArgumentNullException.ThrowIfNull(skeleton);
        ArgumentNullException.ThrowIfNull(provenance);
        if (FindJsonObjectFault(provenance) is { } fault)
            throw new ArgumentException($"The provenance must be a JSON object; {fault}.", nameof(provenance));
        Kind = kind;
        Skeleton = skeleton;
        Provenance = provenance;
    }

    /// <summary>Detector or generator.</summary>
    public ModelKind Kind { get; }

    /// <summary>Names the K keypoints, in the order of the graph's coordinates.</summary>
    public Skeleton Skeleton { get; }

    /// <summary>The text of a JSON object: recipe and its hash, data, seed, steps, versions, measured error.</summary>
    public string Provenance { get; }

    /// <summary>Reads the metadata of a graph.</summary>
    /// <param name="properties">The graph's <c>metadata_props</c>; keys of others are ignored.</param>
    /// <param name="modelName">The file's name, for messages.</param>
    /// <exception cref="InvalidDataException">
    /// A key is missing or its value is not what the contract says; the message names it.
    /// </exception>
    public static ModelMetadata Parse(IReadOnlyDictionary<string, string> properties, string modelName)
    {
        ArgumentNullException.ThrowIfNull(properties);
        if (!properties.ContainsKey(ContractKey))
        {
            throw new InvalidDataException(
                $"'{modelName}' is an ONNX file, but not a KeypointMl model: its metadata has no '{ContractKey}'. "
                + "Give a detector.onnx or generator.onnx written by the keypointml export command.");
        }
        string version = properties[ContractKey];
        if (version != ContractVersion)
        {
            throw new InvalidDataException(
                $"'{modelName}' follows contract version '{version}'; this KeypointMl reads version {ContractVersion}. "
                + "Update KeypointMl, or export the model again with this version.");
        }
        string kindText = Required(properties, KindKey, modelName);
        ModelKind kind = kindText switch
        {
            "detector" => ModelKind.Detector,
            "generator" => ModelKind.Generator,
            _ => throw Broken(modelName, KindKey, $"is '{kindText}'; expected 'detector' or 'generator'"),
        };
        string skeletonJson = Required(properties, SkeletonKey, modelName);
        Skeleton skeleton;
        try
        {
            skeleton = Skeleton.FromJson(skeletonJson);
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException or JsonException or FormatException)
        {
            throw Broken(modelName, SkeletonKey, $"is not a skeleton: {e.Message}", e);
        }
        string provenance = Required(properties, ProvenanceKey, modelName);
        if (FindJsonObjectFault(provenance) is { } fault)
            throw Broken(modelName, ProvenanceKey, $"must be a JSON object; {fault}");
        return new ModelMetadata(kind, skeleton, provenance);
    }

    /// <summary>The four <c>metadata_props</c> that an exporter writes.</summary>
    public IReadOnlyDictionary<string, string> ToProperties() => new Dictionary<string, string>
    {
        [ContractKey] = ContractVersion,
        [KindKey] = Kind == ModelKind.Detector ? "detector" : "generator",
        [SkeletonKey] = Skeleton.ToJson(),
        [ProvenanceKey] = Provenance,
    };

    private static string Required(IReadOnlyDictionary<string, string> properties, string key, string modelName) =>
        properties.TryGetValue(key, out string? value) ? value : throw Broken(modelName, key, "is missing");

    private static InvalidDataException Broken(string modelName, string key, string fault, Exception? inner = null) =>
        new($"'{modelName}' breaks the KeypointMl model contract: metadata '{key}' {fault}. Export the model again.", inner);

    private static string? FindJsonObjectFault(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object ? null : $"found a JSON {document.RootElement.ValueKind}";
        }
        catch (JsonException e)
        {
            return $"found text that is not JSON: {e.Message}";
        }
    }
}

/// <summary>The two kinds of graph that are exported and run: the value of <c>keypointml.kind</c>.</summary>
public enum ModelKind
{
    /// <summary>η∘Φ: an image gives keypoints and their confidence (<c>detector</c>).</summary>
    Detector,

    /// <summary>Ψ∘β: keypoints and an appearance image give an image (<c>generator</c>).</summary>
    Generator,
}
