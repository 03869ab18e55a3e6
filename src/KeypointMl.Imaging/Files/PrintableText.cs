using System.Globalization;
using System.Text;

#if KEYPOINTML_ONNX
namespace KeypointMl.Onnx.Files;
#else
namespace KeypointMl.Imaging.Files;
#endif

/// <summary>
/// Text that may come from anywhere, such as a file's name, made fit for a terminal or a log: control characters
/// (line ends, the escape sequences that colour, move and clear), marks that turn the
/// direction of writing, and separators of lines are shown as their codes.
/// </summary>
internal static class PrintableText
{
    private const int MaxLength = 120;

    /// <summary>The text on one line.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>
    /// <c>a\nb\u001b[31m</c> for a name with a line end and an escape sequence; the same text where there is nothing
    /// to escape.
    /// </returns>
    public static string Of(string text) => Escape(text, keepLines: false);

    /// <summary>The text with its line ends and tabs, the rest escaped as by <see cref="Of"/>.</summary>
    public static string OfLines(string text) => Escape(text, keepLines: true);

    /// <summary>As <see cref="Of"/>, of at most 120 characters: a name in a hostile file can be megabytes long.</summary>
    public static string Shorten(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Of(text.Length <= MaxLength ? text : $"{text.AsSpan(0, MaxLength)}… ({text.Length} characters)");
    }

    private static string Escape(string text, bool keepLines)
    {
        ArgumentNullException.ThrowIfNull(text);
        int first = 0;
        while (first < text.Length && !IsEscaped(text[first], keepLines))
            first++;
        if (first == text.Length)
            return text;
        var printable = new StringBuilder(text, 0, first, text.Length + 16);
        foreach (char letter in text.AsSpan(first))
        {
            if (IsEscaped(letter, keepLines))
                printable.Append(Code(letter));
            else
                printable.Append(letter);
        }
        return printable.ToString();
    }

    private static bool IsEscaped(char letter, bool keepLines) => letter switch
    {
        '\n' or '\r' or '\t' => !keepLines,
        >= '\u2028' and <= '\u202E' or >= '\u2066' and <= '\u2069' or '\u200E' or '\u200F' or '\u061C' => true,
        _ => char.IsControl(letter),
    };

    private static string Code(char letter) => letter switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}"),
    };
}
