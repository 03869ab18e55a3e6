namespace KeypointMl.Imaging.Files;

/// <summary>
/// Which file or folder a path leads to once links are followed: two paths of one thing are equal, however they are
/// spelled.
/// </summary>
/// <param name="Device">The file system; 0 where it is not known.</param>
/// <param name="Number">The number in it (inode); 0 where it is not known.</param>
/// <param name="RealPath">The path without links, where the numbers are not known; else empty.</param>
internal readonly record struct FileIdentity(ulong Device, ulong Number, string RealPath)
{
    private const int MaxLinks = 40;

    /// <summary>What a path leads to; null where nothing is there, or it cannot be looked at.</summary>
    public static FileIdentity? Of(string path)
    {
        if (LinuxFileStatus.IsKnown)
            return LinuxFileStatus.Of(path) is { } status ? new FileIdentity(status.Device, status.Number, "") : null;
        return Path.Exists(path) ? new FileIdentity(0, 0, Fold(Resolve(Path.GetFullPath(path), MaxLinks))) : null;
    }

    /// <summary>
    /// Whether two paths lead to the same thing. Where nothing is there yet, the folder and the name are compared.
    /// </summary>
    public static bool AreSame(string first, string second)
    {
        if (Of(first) is { } one && Of(second) is { } other)
            return one == other;
        string[] paths = [Path.GetFullPath(first), Path.GetFullPath(second)];
        if (Fold(paths[0]) == Fold(paths[1]))
            return true;
        if (Fold(Path.GetFileName(paths[0])) != Fold(Path.GetFileName(paths[1])))
            return false;
        string?[] folders = [.. paths.Select(path => Path.GetDirectoryName(path))];
        return folders[0] is { } folder && folders[1] is { } place && Of(folder) is { } there && there == Of(place);
    }

    /// <summary>Where a path leads to when every link in it is followed, whether or not something is there.</summary>
    public static string FollowLinks(string path) => Resolve(Path.GetFullPath(path), MaxLinks);

    // Link by link from the root on; a chain that is longer than systems allow is left as it is.
    private static string Resolve(string path, int links)
    {
        string root = Path.GetPathRoot(path)!;
        string resolved = root;
        char[] separators = [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar];
        foreach (string part in path[root.Length..].Split(separators, StringSplitOptions.RemoveEmptyEntries))
        {
            resolved = Path.Combine(resolved, part);
            if (links > 0 && new FileInfo(resolved).LinkTarget is { } target)
                resolved = Resolve(Path.GetFullPath(target, Path.GetDirectoryName(resolved)!), links - 1);
        }
        return resolved;
    }

    // The file systems of these systems take upper and lower case for the same.
    private static string Fold(string path) => OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? path.ToUpperInvariant() : path;
}
