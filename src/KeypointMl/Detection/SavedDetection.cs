using System.Text.Json;
using System.Text.Json.Serialization;
using KeypointMl.Inference;

namespace KeypointMl;

/// <summary>The settings of a saved transform, all but the graph, as JSON.</summary>
internal sealed record SavedDetection
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public required string OutputColumn { get; init; }

    public required string InputColumn { get; init; }

    public required string? ConfidenceColumn { get; init; }

    public required string Device { get; init; }

    public required int IntraOpThreads { get; init; }

    public required int BatchSize { get; init; }

    public required int DecodeThreads { get; init; }

    public required long MaxPixels { get; init; }

    public static SavedDetection From(DetectionSettings settings) => new()
    {
        OutputColumn = settings.OutputColumn,
        InputColumn = settings.InputColumn,
        ConfidenceColumn = settings.Options.ConfidenceColumnName,
        Device = settings.Options.Device.ToString(),
        IntraOpThreads = settings.Options.IntraOpThreads,
        BatchSize = settings.Options.BatchSize,
        DecodeThreads = settings.Options.DecodeThreads,
        MaxPixels = settings.Options.MaxPixels,
    };

    /// <exception cref="InvalidDataException">The text is not what <see cref="ToJson"/> writes.</exception>
    public static SavedDetection FromJson(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<SavedDetection>(json, Json) ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The settings of a saved DetectKeypoints transform are damaged: {e.Message} Save the model again.", e);
        }
    }

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <exception cref="InvalidDataException">A setting is outside its range, or the graph is not a detector.</exception>
    public DetectionSettings ToSettings(byte[] graph, string graphName)
    {
        try
        {
            var options = new KeypointDetectionOptions
            {
                ConfidenceColumnName = ConfidenceColumn,
                Device = KeypointDevice.Parse(Device),
                IntraOpThreads = IntraOpThreads,
                BatchSize = BatchSize,
                DecodeThreads = DecodeThreads,
                MaxPixels = MaxPixels,
            };
            return DetectionSettings.FromBytes(OutputColumn, InputColumn, graph, graphName, options);
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            throw new InvalidDataException($"The settings of a saved DetectKeypoints transform are damaged: {e.Message} Save the model again.", e);
        }
    }
}
