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
    /// Refuses inputs that a drawing would overwrite, through links too, two inputs with one drawing, drawings that cannot be
    /// written because of what is there, and those that would be listed as inputs; passes the others on.
    /// </summary>
    /// <param name="folder">The folder for the drawings.</param>
    /// <param name="sources">What lists the inputs; empty where that is done.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="drawing">The path of an input's drawing; null where it has none.</param>
    /// <exception cref="InvalidDataException">
    /// While enumerating: the drawing of an input would replace the input itself, another drawing or a folder; or, at the end,
    /// another input, or be one.
    /// </exception>
    public static IEnumerable<InputFile> Check(
        string folder, IEnumerable<ScoreSource> sources, IEnumerable<InputFile> inputs, Func<InputFile, string?> drawing)
    {
        var drawings = new Dictionary<FileIdentity, string>();
        var files = new Dictionary<FileIdentity, string>();
        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        var listed = new ListedFiles(sources, folder);
        (string Input, ScoreSource Source)? found = null;
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
            if (path is not null && found is null && listed.SourceOf(path) is { } source)
                found = (input.Path, source);
            if (isThere && path is not null)
                RequirePlace(path, input, folder);
            if (isThere && FileIdentity.Of(input.Path) is { } file)
                files.TryAdd(file, input.Path);
            if (isThere && path is not null && FileIdentity.Of(path) is { } old)
                drawings.TryAdd(old, input.Path);
            yield return input;
        }
        foreach ((FileIdentity old, string drawn) in drawings)
        {
            if (files.TryGetValue(old, out string? replaced))
            {
                throw new InvalidDataException(
                    $"The overlay of '{PrintableText.Of(drawn)}' would replace the input '{PrintableText.Of(replaced)}'. "
                    + $"{Advice(folder)}");
            }
        }
        if (found is { } both)
        {
            throw new InvalidDataException(
                $"The overlay of '{PrintableText.Of(both.Input)}' would be one of the inputs '{PrintableText.Of(both.Source.Path)}' too, "
                + $"and be scored. {Advice(folder)}");
        }
    }

    // What an earlier run left may be a folder where there is to be a file now, or the other way round.
    private static void RequirePlace(string path, InputFile input, string folder)
    {
        string above = Path.GetDirectoryName(path)!;
        string? problem = Directory.Exists(path) ? $"'{PrintableText.Of(path)}', which is a folder"
            : File.Exists(above) ? $"in '{PrintableText.Of(above)}', which is a file" : null;
        if (problem is not null)
            throw new InvalidDataException($"The overlay of '{PrintableText.Of(input.Path)}' would be {problem}. {Advice(folder)}");
    }

    private static string Advice(string folder) => $"Give another folder than '{PrintableText.Of(folder)}' for the overlays.";
}
