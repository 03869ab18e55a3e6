namespace KeypointMl.Training;

/// <summary>The words for precisions on the command line and in a model's provenance.</summary>
public static class ExportPrecisions
{
    private static readonly string[] words = ["fp32", "fp16", "int8"];

    /// <summary><c>fp32</c>, <c>fp16</c>, <c>int8</c>, in the order of <see cref="ExportPrecision"/>.</summary>
    public static IReadOnlyList<string> Words => words;

    /// <summary>The word for a precision.</summary>
    public static string WordOf(ExportPrecision precision) => words[(int)precision];

    /// <summary>The precision of a word.</summary>
    /// <exception cref="ArgumentException">It is not one of <see cref="Words"/>.</exception>
    public static ExportPrecision Parse(string word) => Array.IndexOf(words, word) is var index and >= 0
        ? (ExportPrecision)index
        : throw new ArgumentException($"'{word}' is no precision; expected {string.Join(", ", words)}.", nameof(word));
}
