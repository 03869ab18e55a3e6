using System.Numerics;

namespace KeypointMl.Data.Formats.Landmarks;

/// <summary>
/// Reads a <c>.cat</c> file of the Cat Head data set (Zhang, Sun, Tang, ECCV 2008): the number of points, which is 9,
/// and their coordinates x y in pixels: left eye, right eye, mouth, left ear 1–3, right ear 1–3.
/// </summary>
internal static class CatFile
{
    /// <summary>The names of the points in the file's order. Left and right are those of the image.</summary>
    public static IReadOnlyList<string> Keypoints { get; } =
        ["left_eye", "right_eye", "mouth", "left_ear_1", "left_ear_2", "left_ear_3", "right_ear_1", "right_ear_2", "right_ear_3"];

    /// <summary>Reads a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// It has another number of points than 9, or something that is no number; the message names file and line.
    /// </exception>
    public static Vector2[] Read(string path)
    {
        string[] lines = TextNumbers.Lines(path);
        (string Word, int Line)[] words = [.. lines.SelectMany((text, i) => TextNumbers.Words(text).Select(word => (word, i + 1)))];
        if (words.Length == 0)
            throw TextNumbers.Error(path, 1, "the file is empty; expected the number of points and their coordinates");
        if (words[0].Word != $"{Keypoints.Count}")
            throw TextNumbers.Error(path, words[0].Line, $"'{TextNumbers.Shorten(words[0].Word)}' points; expected {Keypoints.Count}");
        int expected = 1 + 2 * Keypoints.Count;
        if (words.Length != expected)
            throw TextNumbers.Error(path, words[^1].Line, $"{words.Length - 1} coordinates; expected {expected - 1}");
        float[] numbers = [.. words.Skip(1).Select(word => TextNumbers.Finite(word.Word, path, word.Line))];
        return [.. Keypoints.Select((_, k) => new Vector2(numbers[2 * k], numbers[2 * k + 1]))];
    }
}
