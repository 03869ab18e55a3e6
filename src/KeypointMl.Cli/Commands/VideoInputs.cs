using KeypointMl.Imaging.Files;
using KeypointMl.Imaging.Folders;
using KeypointMl.Scoring.Inputs;

namespace KeypointMl.Cli.Commands;

/// <summary>
/// The videos that are meant where only videos are taken: of a folder its video files, at any depth; else as
/// <c>score</c> takes inputs. What <c>score</c> takes for an image by its name, a GIF included, is no video.
/// </summary>
internal static class VideoInputs
{
    /// <summary>Lists the videos.</summary>
    /// <param name="inputs">Videos, folders, globs and lists.</param>
    /// <param name="note">Is told what is left out.</param>
    /// <exception cref="InvalidDataException">An input has no video.</exception>
    internal static IReadOnlyList<InputFile> Find(IEnumerable<string> inputs, Action<string> note) =>
        [.. inputs.SelectMany(input => Directory.Exists(input) ? OfFolder(input, note) : OfOthers(input))];

    /// <summary>What <c>score</c> takes for the same videos, of the same names: it looks for images in a folder.</summary>
    /// <param name="inputs">As in <see cref="Find"/>.</param>
    /// <param name="found">What they mean.</param>
    internal static IReadOnlyList<string> ForScoring(IEnumerable<string> inputs, IReadOnlyList<InputFile> found) =>
    [
        .. inputs.SelectMany(input => !Directory.Exists(input) ? [input] : found
            .Select(file => Path.GetRelativePath(input, file.Path).Replace('\\', '/'))
            .Where(name => !name.StartsWith("../", StringComparison.Ordinal) && !Path.IsPathRooted(name))
            .GroupBy(Path.GetExtension, name => name.Contains('/'))
            .Select(kind => $"{input.TrimEnd('/', '\\')}/{(kind.Contains(true) ? "**/" : "")}*{kind.Key}")),
    ];

    private static IEnumerable<InputFile> OfFolder(string folder, Action<string> note)
    {
        LeftOutFiles leftOut = new() { Wanted = $"videos are {VideoFolder.ExtensionList}" };
        InputFile[] files = [.. VideoFolder.List(folder, leftOut).Select(name => new InputFile(Path.Combine(folder, name), name))];
        if (leftOut.Describe(folder) is { } text)
            note(text);
        return files;
    }

    private static IReadOnlyList<InputFile> OfOthers(string input)
    {
        IReadOnlyList<InputFile> files = InputFiles.Find(input);
        InputFile[] images = [.. files.Where(file => file.IsImage)];
        if (images.Length == 0)
            return files;
        string first = PrintableText.Of(images[0].Name);
        throw new InvalidDataException(files.Count == 1
            ? $"'{PrintableText.Of(input)}' is an image by its name, and 'score' would take it for one. "
                + "Give a video; of an animation ffmpeg makes one: ffmpeg -i FILE.gif FILE.mp4"
            : $"'{PrintableText.Of(input)}' has {images.Length} {(images.Length == 1 ? "image" : "images")}, such as '{first}', and "
                + "'score' would take it for one. Give the folder, or the videos alone, such as 'videos/*.mp4'.");
    }
}
