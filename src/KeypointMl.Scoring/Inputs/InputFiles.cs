using KeypointMl.Imaging.Files;
using KeypointMl.Imaging.Folders;
using Microsoft.Extensions.FileSystemGlobbing;

namespace KeypointMl.Scoring.Inputs;

/// <summary>Finds the files that an input means.</summary>
public static class InputFiles
{
    /// <summary>Lists the files of an input, in the order in which they are scored.</summary>
    /// <param name="input">A source's path (see <see cref="ScoreSource"/>).</param>
    /// <returns>
    /// At least one file. Folders and globs give them in natural order of their names, lists and tables in their own.
    /// The files of a list may be missing.
    /// </returns>
    /// <exception cref="IOException">There is no such file or folder.</exception>
    /// <exception cref="InvalidDataException">
    /// The folder has no image, nothing matches the glob, the list is empty or names a file twice, or the input is a
    /// pipe, a socket or a device.
    /// </exception>
    public static IReadOnlyList<InputFile> Find(string input)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(input);
        var names = new NameCheck();
        List<InputFile> files = [.. names.Watch(Enumerate(new ScoreSource(input)))];
        names.RejectDoubles(() => files);
        return files;
    }

    /// <summary>
    /// The files of a source one after the other; the names of one folder, or a block of a list or table, are in memory
    /// at a time. Names may stand twice.
    /// </summary>
    /// <param name="source">The source.</param>
    /// <param name="leftOut">Counts what folders hold beside images, and links that are left out; null where nobody asks.</param>
    /// <inheritdoc cref="Find" path="/exception"/>
    public static IEnumerable<InputFile> Enumerate(ScoreSource source, LeftOutFiles? leftOut = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        string input = source.Path;
        if (Directory.Exists(input))
            return ImageFolder.Enumerate(input, leftOut).Select(name => source.File(Path.Combine(input, name), name));
        if (!File.Exists(input) && input.Contains('*'))
            return Glob(source, leftOut);
        if (!File.Exists(input))
        {
            throw new FileNotFoundException(
                $"There is no input '{PrintableText.Of(input)}' (looked at '{PrintableText.Of(Path.GetFullPath(input))}'). "
                + $"Give an image, a folder, a glob with * or **, a list ({string.Join(", ", PathTable.Extensions)}) of paths, or a video.",
                input);
        }
        RegularFile.Require(input, "input");
        return PathTable.IsTable(input) ? ReadTable(source) : [source.File(input, Path.GetFileName(input))];
    }

    /// <summary>The folder that the names of a source's files start from.</summary>
    internal static string RootOf(ScoreSource source)
    {
        if (Directory.Exists(source.Path))
            return Path.GetFullPath(source.Path);
        return !File.Exists(source.Path) && source.Path.Contains('*')
            ? Path.GetFullPath(Split(source.Path).Folder)
            : Path.GetDirectoryName(Path.GetFullPath(source.Path))!;
    }

    /// <summary>What a glob matches, relative to its fixed part.</summary>
    internal static Matcher MatcherOf(ScoreSource glob) => new Matcher(StringComparison.Ordinal).AddInclude(Split(glob.Path).Pattern);

    private static IEnumerable<InputFile> Glob(ScoreSource source, LeftOutFiles? leftOut)
    {
        (string folder, string pattern) = Split(source.Path);
        var root = new DirectoryInfo(folder);
        if (!root.Exists)
            throw new DirectoryNotFoundException($"There is no folder '{folder}', where the files of '{source.Path}' should be.");
        Matcher matcher = MatcherOf(source);
        bool any = false;
        int? depth = pattern.Contains("**", StringComparison.Ordinal) ? null : pattern.Count(letter => letter == '/');
        foreach ((string prefix, string[] names) in FolderTree.Walk(root.FullName, depth, hidden: true, leftOut))
        {
            string[] candidates = [.. names.Select(name => prefix + name)];
            HashSet<string> matches = [.. matcher.Match(root.FullName, candidates).Files.Select(match => match.Path)];
            // What is being written, such as an output of the same run, is nobody's input yet.
            foreach (string name in candidates.Where(name => matches.Contains(name) && !AtomicFile.IsTemporary(name)))
            {
                any = true;
                yield return source.File(Path.Combine(root.FullName, name), name);
            }
        }
        if (!any)
            throw new InvalidDataException($"No file matches '{source.Path}' (* stands for part of a name, ** for folders at any depth).");
    }

    private static (string Folder, string Pattern) Split(string glob)
    {
        string[] parts = glob.Replace('\\', '/').Split('/');
        int fixedParts = Array.FindIndex(parts, part => part.Contains('*'));
        string folder = string.Join('/', parts[..fixedParts]);
        return (folder.Length > 0 ? folder : fixedParts > 0 ? "/" : ".", string.Join('/', parts[fixedParts..]));
    }

    private static IEnumerable<InputFile> ReadTable(ScoreSource source)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(source.Path))!;
        bool any = false;
        foreach (string name in PathTable.Read(source.Path, source.Column))
        {
            any = true;
            yield return source.File(Path.Combine(folder, name), name);
        }
        if (!any)
        {
            throw new InvalidDataException(
                $"The list {source.Path} names no file; expected one path a line, relative to the list's folder.");
        }
    }
}
