using KeypointMl.Imaging.Files;
using KeypointMl.Scoring.Inputs;

namespace KeypointMl.Scoring.Sinks;

/// <summary>Where drawings of inputs go.</summary>
internal static class OverlayPath
{
    /// <summary>
    /// A path inside a folder that follows from an input's name. A name from a list may be absolute or lead out of its
    /// folder; its drawing stays inside this one.
    /// </summary>
    public static string Of(string folder, string source)
    {
        string[] parts = [.. source.Split('/', '\\').Where(part => part.Length > 0 && part is not ("." or ".."))
            .Select(part => part.Replace(':', '_'))];
        return Path.Combine([Path.GetFullPath(folder), .. parts]);
    }

    /// <summary>
    /// Refuses inputs that a drawing would overwrite, through links too, and two inputs with one drawing; passes the
    /// others on.
    /// </summary>
    /// <param name="folder">The folder for the drawings.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="drawing">The path of an input's drawing; null where it has none.</param>
    /// <exception cref="InvalidDataException">
    /// While enumerating: the drawing of an input would replace the input itself, or another drawing; or, at the end,
    /// another input.
    /// </exception>
    public static IEnumerable<InputFile> Check(string folder, IEnumerable<InputFile> inputs, Func<InputFile, string?> drawing)
    {
        var drawings = new Dictionary<FileIdentity, string>();
        var files = new Dictionary<FileIdentity, string>();
        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        bool isThere = Directory.Exists(folder);
        foreach (InputFile input in inputs)
        {
            string? path = drawing(input);
            if (Path.GetFullPath(input.Path) == path)
                throw new InvalidDataException($"The overlay of '{PrintableText.Of(input.Path)}' would replace it. {Advice(folder)}");
            // A job's shards are parts of one input, with one drawing.
            if (path is not null && !paths.TryAdd(path, input.Path) && paths[path] != input.Path)
            {
                throw new InvalidDataException(
                    $"The overlays of '{PrintableText.Of(paths[path])}' and '{PrintableText.Of(input.Path)}' would both be "
                    + $"'{PrintableText.Of(path)}'. Score them one after the other, into a folder each.");
            }
            if (isThere && FileIdentity.Of(input.Path) is { } file)
                files.TryAdd(file, input.Path);
            if (isThere && path is not null && FileIdentity.Of(path) is { } old)
                drawings.TryAdd(old, input.Path);
            yield return input;
        }
        foreach ((FileIdentity old, string source) in drawings)
        {
            if (files.TryGetValue(old, out string? replaced))
            {
                throw new InvalidDataException(
                    $"The overlay of '{PrintableText.Of(source)}' would replace the input '{PrintableText.Of(replaced)}'. "
                    + $"{Advice(folder)}");
            }
        }
    }

    private static string Advice(string folder) => $"Give another folder than '{PrintableText.Of(folder)}' for the overlays.";
}
