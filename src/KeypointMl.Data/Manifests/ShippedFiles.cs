namespace KeypointMl.Data.Manifests;

/// <summary>
/// The data manifests and recipes that are shipped beside the executable, so that <c>data-manifests/puppets.yaml</c>
/// means something in any folder.
/// </summary>
public static class ShippedFiles
{
    /// <summary>
    /// Finds a file: as given where it exists, else, if the path is relative, beside the executable where it exists
    /// there.
    /// </summary>
    /// <param name="path">Relative to the current folder, or absolute.</param>
    /// <returns>The path of the file, or <paramref name="path"/> as it was where there is none.</returns>
    public static string Find(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (File.Exists(path) || Path.IsPathRooted(path))
            return path;
        string shipped = Path.Combine(AppContext.BaseDirectory, path);
        return File.Exists(shipped) ? shipped : path;
    }

    /// <summary>
    /// Lists the files of a folder, in the current folder and beside the executable; of two with the same name the
    /// first is taken.
    /// </summary>
    /// <param name="folder">A relative path, such as <c>data-manifests</c>.</param>
    /// <param name="pattern">Which files, such as <c>*.yaml</c>.</param>
    /// <returns>Paths, ordered by file name; may be empty.</returns>
    public static IReadOnlyList<string> List(string folder, string pattern)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return
        [
            .. new[] { folder, Path.Combine(AppContext.BaseDirectory, folder) }
                .Where(Directory.Exists)
                .SelectMany(place => Directory.EnumerateFiles(place, pattern))
                .DistinctBy(Path.GetFileName)
                .OrderBy(Path.GetFileName, StringComparer.Ordinal),
        ];
    }

    /// <summary>What <see cref="FindNamed"/> finds by name in a folder.</summary>
    /// <param name="folder">A relative path, such as <c>data-manifests</c>.</param>
    public static IEnumerable<string> Names(string folder) =>
        List(folder, "*.yaml").Select(path => Path.GetFileNameWithoutExtension(path));

    /// <summary>Finds one of the files that <see cref="List"/> lists by its name without extension, or a file by its path.</summary>
    /// <param name="folder">A relative path, such as <c>data-manifests</c>.</param>
    /// <param name="nameOrPath">Such as <c>flies</c>, or <c>my/flies.yaml</c>.</param>
    /// <returns>The path of the file, or <paramref name="nameOrPath"/> as it was where there is none.</returns>
    public static string FindNamed(string folder, string nameOrPath)
    {
        string path = Find(nameOrPath);
        return File.Exists(path)
            ? path
            : List(folder, "*.yaml").FirstOrDefault(listed => Path.GetFileNameWithoutExtension(listed) == nameOrPath, path);
    }
}
