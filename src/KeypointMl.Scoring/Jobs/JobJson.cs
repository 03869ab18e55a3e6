using System.Text.Encodings.Web;
using System.Text.Json;

namespace KeypointMl.Scoring.Jobs;

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
    /// <param name="json">Its text.</param>
    /// <param name="where">What messages call it.</param>
    /// <param name="remedy">What to do where it is damaged: a sentence.</param>
    /// <exception cref="InvalidDataException">It is damaged; the message says where.</exception>
    public static T Read<T>(ReadOnlySpan<byte> json, string where, string remedy = "Plan the job again in a new folder.")
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, Line) ?? throw new JsonException("expected an object; found null");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{where} is damaged ({e.Message.TrimEnd('.')}). {remedy}", e);
        }
    }
}
