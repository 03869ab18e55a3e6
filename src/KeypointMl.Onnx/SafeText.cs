using System.Globalization;
using System.Text;

namespace KeypointMl.Onnx;

/// <summary>
/// Makes text from a file fit to be shown: names in a hostile file can be megabytes long or carry the control
/// characters that steer a terminal.
/// </summary>
internal static class SafeText
{
    private const int MaxLength = 120;

    /// <summary>At most 120 characters, without control characters.</summary>
    public static string Shorten(string text) =>
        Clean(text.Length <= MaxLength ? text : $"{text.AsSpan(0, MaxLength)}… ({text.Length} characters)");

    /// <summary>The text with control characters, and characters that change the direction of writing, written as <c>\u001b</c>.</summary>
    public static string Clean(string text)
    {
        if (!text.Any(IsHarmful))
            return text;
        var clean = new StringBuilder(text.Length);
        foreach (char letter in text)
        {
            if (IsHarmful(letter))
                clean.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}");
            else
                clean.Append(letter);
        }
        return clean.ToString();
    }

    private static bool IsHarmful(
        char letter) => char.GetUnicodeCategory(letter) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
