namespace KeypointMl.Data;

/// <summary>Finds the images in a folder.</summary>
public static class ImageFolder
{
    private static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif"];

    /// <summary>Whether a file name ends like an image that <see cref="ImageDecoder"/> reads.</summary>
    public static bool IsImage(string path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>The images of a folder and the folders below it: folder by folder, each in natural order; hidden files left out.</summary>
    /// <returns>Paths relative to the folder, with forward slashes; at least one.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">It has no image.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder below it may not be read.</exception>
    public static IReadOnlyList<string> List(string folder) => [.. Enumerate(folder)];

    /// <summary>What <see cref="List"/> gives, one after the other: the names of one folder at a time are in memory.</summary>
    /// <inheritdoc cref="List" path="/exception"/>
    public static IEnumerable<string> Enumerate(string folder)
    {
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"There is no folder {folder}.");
        bool any = false;
        foreach ((string prefix, string[] names) in FolderTree.Walk(folder))
        {
            foreach (string name in names.Where(name => IsImage(name) && !name.StartsWith('.')))
            {
                any = true;
                yield return prefix + name;
            }
        }
        if (!any)
            throw new InvalidDataException($"The folder {folder} has no image ({string.Join(", ", Extensions)}), nor have the folders below it.");
    }
}
