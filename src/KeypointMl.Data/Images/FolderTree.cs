namespace KeypointMl.Data;

/// <summary>A folder and the folders below it, in natural order.</summary>
internal static class FolderTree
{
    /// <summary>The files, folder by folder: the names of one folder at a time are in memory.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="depth">How many levels below it are looked at; null for all.</param>
    /// <param name="hidden">Whether hidden files and folders are included.</param>
    /// <returns>For each folder its path relative to <paramref name="root"/>, with forward slashes, empty or ending with one; and the names of its files in natural order.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder may not be read. Left out silently, its files would be missing without a trace.</exception>
    public static IEnumerable<(string Prefix, string[] Names)> Walk(string root, int? depth = null, bool hidden = false)
    {
        FileAttributes skipped = hidden ? FileAttributes.None : FileAttributes.Hidden | FileAttributes.System;
        var below = new EnumerationOptions { IgnoreInaccessible = false, AttributesToSkip = skipped, RecurseSubdirectories = true, MaxRecursionDepth = depth is int levels ? Math.Max(levels - 1, 0) : int.MaxValue };
        var own = new EnumerationOptions { IgnoreInaccessible = false, AttributesToSkip = skipped };
        IEnumerable<string> folders = depth == 0 ? [] : Directory.EnumerateDirectories(root, "*", below).Select(path => Path.GetRelativePath(root, path).Replace('\\', '/'));
        foreach (string name in folders.Prepend("").OrderBy(name => name, NaturalOrder.Comparer))
        {
            string[] names = [.. Directory.EnumerateFiles(Path.Combine(root, name), "*", own).Select(path => Path.GetFileName(path))];
            Array.Sort(names, NaturalOrder.Comparer);
            yield return (name.Length == 0 ? "" : name + "/", names);
        }
    }
}
