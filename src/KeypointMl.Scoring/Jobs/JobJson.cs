using System.Text.Encodings.Web;
using System.Text.Json;

namespace KeypointMl.Scoring;

/// <summary>How the files of a job are written as JSON: snake_case, readable paths.</summary>
internal static class JobJson
{
    public static JsonSerializerOptions Line { get; } = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static JsonSerializerOptions Indented { get; } = new(Line) { WriteIndented = true };

    /// <summary>Reads one value.</summary>
    /// <exception cref="InvalidDataException">It is damaged; the message says where.</exception>
    public static T Read<T>(ReadOnlySpan<byte> json, string where)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, Line) ?? throw new InvalidDataException($"{where}: expected an object; found null. The file is damaged: plan the job again.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{where} is damaged ({e.Message}). Plan the job again in a new folder.", e);
        }
    }
}
