using System.Globalization;

namespace KeypointMl.Data.Formats.Landmarks;

/// <summary>Reads small text files of numbers; every complaint names file and line.</summary>
internal static class TextNumbers
{
    private const long MaxBytes = 64L << 20;

    /// <summary>The lines of a file.</summary>
    internal static string[] Lines(string path)
    {
        var info = new FileInfo(path);
        if (!info.Exists)
            throw new FileNotFoundException($"There is no file {path}.", path);
        if (info.Length > MaxBytes)
        {
            throw new InvalidDataException(
                $"{path}: byte {MaxBytes}: the file has {info.Length:N0} bytes; a text file of points has {MaxBytes:N0} at most.");
        }
        return File.ReadAllLines(path);
    }

    /// <summary>The words of a line.</summary>
    internal static string[] Words(string line) => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A finite number.</summary>
    internal static float Finite(string word, string path, int line) =>
        float.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) && float.IsFinite(value)
            ? value
            : throw Error(path, line, $"'{Shorten(word)}' is no finite number");

    /// <summary>A whole number from 0 to a limit.</summary>
    internal static int Whole(string word, int max, string path, int line) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value <= max
            ? value
            : throw Error(path, line, $"'{Shorten(word)}' is no whole number from 0 to {max}");

    /// <summary>A whole number, 0 or greater; also where a table whose numbers became real ones has it as 12.0.</summary>
    internal static bool TryWhole(string word, out long value) => long.TryParse(
        word.EndsWith(".0", StringComparison.Ordinal) ? word[..^2] : word, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    internal static InvalidDataException Error(string path, int line, string message) => new($"{path}:{line}: {message}.");

    internal static string Shorten(string text) => text.Length > 40 ? text[..40] + "…" : text;
}
