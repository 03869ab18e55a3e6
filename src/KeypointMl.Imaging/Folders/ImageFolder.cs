using KeypointMl.Imaging.Images;

namespace KeypointMl.Imaging.Folders;

/// <summary>Finds the images in a folder.</summary>
public static class ImageFolder
{
    private static readonly string[] Extensions = [".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".bmp", ".gif"];

    internal static string ExtensionList { get; } = string.Join(", ", Extensions);

    /// <summary>Whether a file name ends like an image that <see cref="ImageDecoder"/> reads.</summary>
    public static bool IsImage(string path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The images of a folder and the folders below it: folder by folder, each in natural order; hidden files left
    /// out. Links to folders are followed, but a folder is visited once: one that links
    /// lead to again, as a link to a folder above it does, is left out.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="leftOut">Counts what is no image by its name, and links that are left out; null where nobody asks.</param>
    /// <returns>Paths relative to the folder, with forward slashes; at least one.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">It has no image.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder below it may not be read.</exception>
    public static IReadOnlyList<string> List(string folder, LeftOutFiles? leftOut = null) => [.. Enumerate(folder, leftOut)];

    /// <summary>What <see cref="List"/> gives, one after the other: the names of one folder at a time are in memory.</summary>
    /// <inheritdoc cref="List" path="/param"/>
    /// <inheritdoc cref="List" path="/exception"/>
    public static IEnumerable<string> Enumerate(string folder, LeftOutFiles? leftOut = null) =>
        FolderTree.Files(folder, IsImage, $"image ({ExtensionList})", leftOut);
}
