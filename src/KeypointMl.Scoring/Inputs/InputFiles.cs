using KeypointMl.Data;
using Microsoft.Extensions.FileSystemGlobbing;
using Microsoft.Extensions.FileSystemGlobbing.Abstractions;

namespace KeypointMl.Scoring;

/// <summary>Finds the files that an input means.</summary>
public static class InputFiles
{
    /// <summary>The extension of path lists.</summary>
    public const string ListExtension = ".txt";

    /// <summary>Lists the files of an input, in the order in which they are scored.</summary>
    /// <param name="input">
    /// An image; a folder, whose images are taken at any depth; a glob with <c>*</c> and <c>**</c>; a list (<c>.txt</c>: a path a line, relative to the list's folder);
    /// or any other file, which is a video.
    /// </param>
    /// <returns>At least one file. Folders and globs give them in natural order of their names, lists in their own. The files of a list may be missing.</returns>
    /// <exception cref="IOException">There is no such file or folder.</exception>
    /// <exception cref="InvalidDataException">The folder has no image, nothing matches the glob, or the list is empty or names a file twice.</exception>
    public static IReadOnlyList<InputFile> Find(string input)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(input);
        if (Directory.Exists(input))
            return [.. ImageFolder.List(input).Select(name => new InputFile(Path.Combine(input, name), name))];
        if (!File.Exists(input) && input.Contains('*'))
            return Glob(input);
        if (!File.Exists(input))
            throw new FileNotFoundException($"There is no input '{input}' (looked at '{Path.GetFullPath(input)}'). Give an image, a folder, a glob with * or **, a {ListExtension} list of paths, or a video.", input);
        return Path.GetExtension(input).Equals(ListExtension, StringComparison.OrdinalIgnoreCase)
            ? ReadList(input)
            : [new InputFile(input, Path.GetFileName(input))];
    }

    private static InputFile[] Glob(string glob)
    {
        string[] parts = glob.Replace('\\', '/').Split('/');
        int fixedParts = Array.FindIndex(parts, part => part.Contains('*'));
        string folder = string.Join('/', parts[..fixedParts]);
        if (fixedParts > 0 && folder.Length == 0)
            folder = "/";
        var root = new DirectoryInfo(folder.Length == 0 ? "." : folder);
        if (!root.Exists)
            throw new DirectoryNotFoundException($"There is no folder '{folder}', where the files of '{glob}' should be.");
        var matcher = new Matcher(StringComparison.Ordinal).AddInclude(string.Join('/', parts[fixedParts..]));
        InputFile[] files =
        [
            .. matcher.Execute(new DirectoryInfoWrapper(root)).Files
                .Select(match => match.Path)
                .OrderBy(name => Path.GetDirectoryName(name)!, NaturalOrder.Comparer)
                .ThenBy(name => Path.GetFileName(name), NaturalOrder.Comparer)
                .Select(name => new InputFile(Path.Combine(root.FullName, name), name)),
        ];
        return files.Length > 0 ? files : throw new InvalidDataException($"No file matches '{glob}' (* stands for part of a name, ** for folders at any depth).");
    }

    private static InputFile[] ReadList(string list)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(list))!;
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        int number = 0;
        foreach (string line in File.ReadLines(list))
        {
            number++;
            string name = line.Trim();
            if (name.Length > 0 && !lines.TryAdd(name, number))
                throw new InvalidDataException($"{list}:{number}: '{name}' stands in line {lines[name]} already; every input may stand once. Remove one of the lines.");
        }
        return lines.Count > 0
            ? [.. lines.OrderBy(entry => entry.Value).Select(entry => new InputFile(Path.Combine(folder, entry.Key), entry.Key))]
            : throw new InvalidDataException($"The list {list} names no file; expected one path a line, relative to the list's folder.");
    }
}
