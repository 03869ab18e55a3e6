using KeypointMl.Poses.Geometry;

namespace KeypointMl.Data.Formats.Landmarks;

/// <summary>The track of a face in a VoxCeleb2 clip: what its text file says.</summary>
/// <param name="Identity">Who speaks, such as <c>id00017</c>.</param>
/// <param name="Reference">The video's name.</param>
/// <param name="Frames">The number of each frame in the original video (25 a second), in order.</param>
/// <param name="Boxes">
/// The face in each frame, as fractions of the frame's width and height: X, Y, Width, Height in 0…1 (not in pixels).
/// </param>
internal sealed record VoxCelebTrack(string Identity, string Reference, IReadOnlyList<long> Frames, IReadOnlyList<Box> Boxes)
{
    /// <summary>
    /// Reads a text file: lines <c>Identity : …</c>, <c>Reference : …</c> and others of that form, a line <c>FRAME X Y
    /// W H</c>, then one frame a line.
    /// </summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It has another form; the message names file and line.</exception>
    public static VoxCelebTrack Read(string path)
    {
        string[] lines = TextNumbers.Lines(path);
        var header = new Dictionary<string, string>(StringComparer.Ordinal);
        int line = 0;
        for (; line < lines.Length && !IsTableHead(lines[line]); line++)
        {
            if (lines[line].Trim().Length == 0)
                continue;
            int colon = lines[line].IndexOf(':');
            if (colon < 0)
            {
                throw TextNumbers.Error(
                    path, line + 1, $"'{TextNumbers.Shorten(lines[line])}' is neither 'name : value' nor 'FRAME X Y W H'");
            }
            header[lines[line][..colon].Trim()] = lines[line][(colon + 1)..].Trim();
        }
        if (line == lines.Length)
            throw TextNumbers.Error(path, lines.Length + 1, "the file ends without a line 'FRAME X Y W H'");
        var frames = new List<long>();
        var boxes = new List<Box>();
        for (line++; line < lines.Length; line++)
        {
            string[] words = TextNumbers.Words(lines[line]);
            if (words.Length == 0)
                continue;
            if (words.Length != 5)
                throw TextNumbers.Error(path, line + 1, $"{words.Length} values; expected FRAME X Y W H");
            float[] numbers = [.. words.Skip(1).Select(word => TextNumbers.Finite(word, path, line + 1))];
            var box = new Box(numbers[0], numbers[1], numbers[2], numbers[3]);
            if (box.Width <= 0 || box.Height <= 0 || box.Width > 2 || box.Height > 2)
                throw TextNumbers.Error(path, line + 1, $"a box of {words[3]}×{words[4]} of the frame; expected fractions greater than 0");
            frames.Add(TextNumbers.Whole(words[0], int.MaxValue, path, line + 1));
            boxes.Add(box);
        }
        return frames.Count > 0
            ? new VoxCelebTrack(Value("Identity"), Value("Reference"), frames, boxes)
            : throw TextNumbers.Error(path, lines.Length + 1, "the file lists no frame");

        string Value(string name) =>
            header.TryGetValue(name, out string? value) ? value : throw TextNumbers.Error(path, 1, $"there is no line '{name} : …'");
    }

    private static bool IsTableHead(string line) => TextNumbers.Words(line) is ["FRAME", "X", "Y", "W", "H"];
}
