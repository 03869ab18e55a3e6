using KeypointMl.Imaging.Files;

namespace KeypointMl.Imaging.Folders;

/// <summary>
/// A folder and the folders below it, in natural order, each once: links that lead to a folder that is visited
/// already, such as one above, are left out.
/// </summary>
internal static class FolderTree
{
    /// <summary>The files, folder by folder: the names of one folder at a time are in memory.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="depth">How many levels below it are looked at; null for all.</param>
    /// <param name="hidden">Whether hidden files and folders are included.</param>
    /// <param name="leftOut">Learns of links that are left out; null for nobody.</param>
    /// <returns>
    /// For each folder its path relative to <paramref name="root"/>, with forward slashes, empty or ending with one;
    /// and the names of its files in natural order.
    /// </returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="UnauthorizedAccessException">
    /// A folder may not be read. Left out silently, its files would be missing without a trace.
    /// </exception>
    public static IEnumerable<(string Prefix, string[] Names)> Walk(
        string root, int? depth = null, bool hidden = false, LeftOutFiles? leftOut = null)
    {
        FileAttributes skipped = hidden ? FileAttributes.None : FileAttributes.Hidden | FileAttributes.System;
        var options = new EnumerationOptions { IgnoreInaccessible = false, AttributesToSkip = skipped };
        foreach (string name in Folders(root, depth ?? int.MaxValue, options, hidden, leftOut).OrderBy(name => name, NaturalOrder.Comparer))
        {
            IEnumerable<string> paths = Directory.EnumerateFiles(Path.Combine(root, name), "*", options);
            string[] names = [.. paths.Select(path => Path.GetFileName(path)).Where(file => hidden || !IsDotted(file))];
            Array.Sort(names, NaturalOrder.Comparer);
            yield return (name.Length == 0 ? "" : name + "/", names);
        }
    }

    /// <summary>The files of some kind in the whole tree, hidden ones left out.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="isWanted">Tells them by their names.</param>
    /// <param name="kind">What they are, for the message that there is none.</param>
    /// <param name="leftOut">Counts the others, and links that are left out; null for nobody.</param>
    /// <returns>Paths relative to <paramref name="root"/>, with forward slashes; at least one.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">It has none.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder may not be read.</exception>
    public static IEnumerable<string> Files(string root, Predicate<string> isWanted, string kind, LeftOutFiles? leftOut)
    {
        if (!Directory.Exists(root))
            throw new DirectoryNotFoundException($"There is no folder {PrintableText.Of(root)}.");
        bool any = false;
        foreach ((string prefix, string[] names) in Walk(root, leftOut: leftOut))
        {
            foreach (string name in names)
            {
                if (!isWanted(name))
                {
                    leftOut?.AddFile(name);
                    continue;
                }
                any = true;
                yield return prefix + name;
            }
        }
        if (!any)
            throw new InvalidDataException($"The folder {PrintableText.Of(root)} has no {kind}, nor have the folders below it.");
    }

    // A folder has the path on which the fewest links lie; of several, the first in natural order.
    private static List<string> Folders(string root, int depth, EnumerationOptions options, bool hidden, LeftOutFiles? leftOut)
    {
        var visited = new HashSet<FileIdentity>();
        List<string> folders = [];
        List<string> begin = [""];
        while (begin.Count > 0)
        {
            List<string> links = [];
            foreach (string start in begin)
            {
                if (!IsNew(Path.Combine(root, start), visited))
                {
                    leftOut?.AddLink(start);
                    continue;
                }
                folders.Add(start);
                Descend(start);
            }
            begin = [.. links.Order(NaturalOrder.Comparer)];

            void Descend(string folder)
            {
                var waiting = new Stack<string>([folder]);
                while (waiting.TryPop(out string? current))
                {
                    if (current.Length > 0 && current.Count(letter => letter == '/') + 1 >= depth || depth == 0)
                        continue;
                    IEnumerable<DirectoryInfo> children = new DirectoryInfo(Path.Combine(root, current)).EnumerateDirectories("*", options);
                    children = children.Where(info => hidden || !IsDotted(info.Name));
                    foreach (DirectoryInfo below in children.OrderBy(info => info.Name, NaturalOrder.Comparer))
                    {
                        string name = current.Length == 0 ? below.Name : $"{current}/{below.Name}";
                        if (below.LinkTarget is not null)
                        {
                            links.Add(name);
                        }
                        else if (IsNew(below.FullName, visited))
                        {
                            folders.Add(name);
                            waiting.Push(name);
                        }
                        else
                        {
                            leftOut?.AddLink(name);
                        }
                    }
                }
            }
        }
        return folders;
    }

    // Hidden by custom; Windows has no attribute for that.
    private static bool IsDotted(string name) => name.StartsWith('.');

    // One that cannot be looked at is kept: reading it says why.
    private static bool IsNew(string folder, HashSet<FileIdentity> visited) =>
        FileIdentity.Of(folder) is not { } identity || visited.Add(identity);
}
