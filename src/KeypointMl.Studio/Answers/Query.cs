using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace KeypointMl.Studio.Answers;

/// <summary>Reads the values behind a request's question mark.</summary>
internal static class Query
{
    /// <summary>A text that must be there.</summary>
    /// <exception cref="RefusedException">It is not.</exception>
    public static string Text(HttpContext http, string name) =>
        http.Request.Query[name] is [{ Length: > 0 } text] ? text : throw Missing(name);

    /// <summary>A text; null where it is not there.</summary>
    public static string? Optional(HttpContext http, string name) => http.Request.Query[name] is [{ Length: > 0 } text] ? text : null;

    /// <summary>A whole number from 0 on, below a limit.</summary>
    /// <exception cref="RefusedException">It is missing, no number, or beyond.</exception>
    public static long Number(HttpContext http, string name, long below, long? otherwise = null)
    {
        if (Optional(http, name) is not { } text)
            return otherwise ?? throw Missing(name);
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number < below
            ? number
            : throw new RefusedException(
                StatusCodes.Status400BadRequest, $"'{name}' is '{text}'; expected a whole number from 0 to {below - 1}.");
    }

    /// <summary>The number of a frame, from 0 on.</summary>
    /// <param name="http">The request.</param>
    /// <param name="otherwise">What holds where none is given; null: one must be.</param>
    /// <exception cref="RefusedException">It is missing or no number.</exception>
    public static long Frame(HttpContext http, long? otherwise = null) => Number(http, "frame", 1L << 40, otherwise);

    /// <summary>Numbers divided by commas; null where there are none.</summary>
    /// <exception cref="RefusedException">There are not so many, or one is no number.</exception>
    public static float[]? Numbers(HttpContext http, string name, int count)
    {
        if (Optional(http, name) is not { } text)
            return null;
        string[] parts = text.Split(',');
        float[] numbers = new float[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!float.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]) || !float.IsFinite(numbers[i]))
                throw Wrong(name, text, count);
        }
        return numbers.Length == count ? numbers : throw Wrong(name, text, count);
    }

    private static RefusedException Missing(string name) =>
        new(StatusCodes.Status400BadRequest, $"The request has no '{name}', or more than one.");

    private static RefusedException Wrong(string name, string text, int count) =>
        new(StatusCodes.Status400BadRequest, $"'{name}' is '{text}'; expected {count} numbers divided by commas.");
}
