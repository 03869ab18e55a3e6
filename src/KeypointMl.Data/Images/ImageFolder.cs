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
    public static IReadOnlyList<string> List(string folder)
    {
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"There is no folder {folder}.");
        string[] images =
        [
            .. Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true })
                .Where(IsImage)
                .Where(path => !Path.GetFileName(path).StartsWith('.'))
                .Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/'))
                .OrderBy(path => Path.GetDirectoryName(path)!, NaturalOrder.Comparer)
                .ThenBy(path => Path.GetFileName(path), NaturalOrder.Comparer),
        ];
        return images.Length > 0
            ? images
            : throw new InvalidDataException($"The folder {folder} has no image ({string.Join(", ", Extensions)}), nor have the folders below it.");
    }
}
