namespace KeypointMl.Data.Projects;

/// <summary>The folder that a project is made in, which is left as it was where that fails: not there, or empty.</summary>
/// <param name="path">The folder.</param>
internal sealed class ProjectFolder(string path)
{
    // Those that are made: it first, and those above it that are not there either.
    private readonly List<string> made = [];
    private readonly bool isEmpty = !Directory.Exists(path) || !Directory.EnumerateFileSystemEntries(path).Any();
    private bool isBegun;

    /// <summary>Makes it.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    internal void Create()
    {
        for (string? folder = Path.GetFullPath(path); folder is not null && !Directory.Exists(folder); folder = Path.GetDirectoryName(folder))
            made.Add(folder);
        isBegun = true;
        Directory.CreateDirectory(path);
    }

    /// <summary>Deletes what is in it, if nothing was, and the folders that were made. What cannot be deleted is left.</summary>
    /// <param name="kept">The names of files that are left, and the folder with them.</param>
    internal void Undo(IReadOnlyList<string> kept)
    {
        if (!isBegun || !isEmpty || !Directory.Exists(path))
            return;
        try
        {
            foreach (string file in Directory.EnumerateFiles(path).Where(file => !kept.Contains(Path.GetFileName(file))))
                File.Delete(file);
            foreach (string folder in Directory.EnumerateDirectories(path))
                Directory.Delete(folder, recursive: true);
            foreach (string folder in kept.Count == 0 ? made : [])
                Directory.Delete(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Why the project could not be made is what the user is told.
        }
    }
}
