using System.Numerics;

namespace KeypointMl.Data.Formats.Landmarks;

/// <summary>
/// Reads a <c>.pts</c> file of landmarks, the format of the iBUG group for 300-W: <c>version: 1</c>, <c>n_points:
/// 68</c>, and between braces one <c>x y</c> a line. Its coordinates count from 1, as MATLAB's do; those returned are
/// in our convention (0 is the centre of the first pixel).
/// </summary>
internal static class PtsFile
{
    private const int MaxPoints = 10_000;

    /// <summary>Reads a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// It has another form, or another number of points than it says; the message names file and line.
    /// </exception>
    public static Vector2[] Read(string path)
    {
        string[] lines = TextNumbers.Lines(path);
        int line = 0;
        string version = Header("version");
        if (version is not ("1" or "1.0"))
            throw TextNumbers.Error(path, line, $"version '{TextNumbers.Shorten(version)}' is not known; expected 1");
        int count = TextNumbers.Whole(Header("n_points"), MaxPoints, path, line);
        if (Next() != "{")
            throw TextNumbers.Error(path, line, "expected '{' before the points");
        var points = new Vector2[count];
        for (int i = 0; i < count; i++)
        {
            string text = Next();
            string[] words = TextNumbers.Words(text);
            if (words.Length != 2)
                throw TextNumbers.Error(path, line, $"'{TextNumbers.Shorten(text)}' is no 'x y'; {i} of {count} points were read");
            points[i] = new Vector2(TextNumbers.Finite(words[0], path, line), TextNumbers.Finite(words[1], path, line)) - Vector2.One;
        }
        return Next() == "}" ? points : throw TextNumbers.Error(path, line, $"expected '}}' after {count} points");

        string Header(string name)
        {
            string text = Next();
            return text.StartsWith($"{name}:", StringComparison.Ordinal)
                ? text[(name.Length + 1)..].Trim()
                : throw TextNumbers.Error(path, line, $"'{TextNumbers.Shorten(text)}' stands where '{name}: …' is expected");
        }

        string Next()
        {
            while (line < lines.Length)
            {
                string text = lines[line++].Trim();
                if (text.Length > 0)
                    return text;
            }
            throw TextNumbers.Error(path, lines.Length + 1, "the file ends too early");
        }
    }
}
