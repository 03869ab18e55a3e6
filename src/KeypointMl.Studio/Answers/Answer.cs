using System.Text.Json;
using System.Text.Json.Serialization;
using KeypointMl.Imaging.Files;
using KeypointMl.Imaging.Video;
using Microsoft.AspNetCore.Http;

namespace KeypointMl.Studio.Answers;

/// <summary>Writes answers: JSON, pictures, and why there is none.</summary>
internal static class Answer
{
    /// <summary>How the page's JSON is written and read.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        MaxDepth = 16,
    };

    /// <summary>Answers with JSON.</summary>
    public static Task JsonAsync<T>(HttpContext http, T value) => http.Response.WriteAsJsonAsync(value, Options, http.RequestAborted);

    /// <summary>Answers with the bytes of a file.</summary>
    public static Task BytesAsync(HttpContext http, byte[] bytes, string type)
    {
        http.Response.ContentType = type;
        http.Response.ContentLength = bytes.Length;
        return http.Response.Body.WriteAsync(bytes, http.RequestAborted).AsTask();
    }

    /// <summary>Says why there is no answer; where one has begun already, the connection ends.</summary>
    public static Task RefuseAsync(HttpContext http, int status, string message)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return Task.CompletedTask;
        }
        // The other headers stay: those that protect the page hold for refusals too.
        http.Response.ContentLength = null;
        http.Response.StatusCode = status;
        return JsonAsync(http, new { error = PrintableText.OfLines(message) });
    }

    /// <summary>Reads a request's JSON.</summary>
    /// <exception cref="RefusedException">It is none, or of another form.</exception>
    public static async Task<T> ReadAsync<T>(HttpContext http)
        where T : class
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(http.Request.Body, Options, http.RequestAborted).ConfigureAwait(false)
                ?? throw new RefusedException(StatusCodes.Status400BadRequest, "The request is 'null'; expected a JSON object.");
        }
        catch (JsonException error)
        {
            throw new RefusedException(StatusCodes.Status400BadRequest, $"The request is not the JSON that was expected: {error.Message}");
        }
    }

    /// <summary>The status that tells of a failure; 500 for one that nobody expected.</summary>
    public static int StatusOf(Exception error) => error switch
    {
        RefusedException refused => refused.Status,
        BadHttpRequestException bad => bad.StatusCode,
        FfmpegNotFoundException => StatusCodes.Status501NotImplemented,
        FileNotFoundException or DirectoryNotFoundException => StatusCodes.Status404NotFound,
        InvalidDataException => StatusCodes.Status422UnprocessableEntity,
        ArgumentException => StatusCodes.Status400BadRequest,
        UnauthorizedAccessException => StatusCodes.Status403Forbidden,
        _ => StatusCodes.Status500InternalServerError,
    };
}
