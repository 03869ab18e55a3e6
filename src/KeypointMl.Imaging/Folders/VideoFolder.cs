namespace KeypointMl.Imaging.Folders;

/// <summary>Finds the videos in a folder.</summary>
internal static class VideoFolder
{
    // A GIF is an image, wherever files are told apart by their names.
    private static readonly string[] Extensions =
    [
        ".mp4", ".m4v", ".mov", ".avi", ".mkv", ".webm", ".mpg", ".mpeg", ".wmv", ".flv", ".ts", ".mts", ".m2ts", ".ogv", ".mxf",
        ".3gp", ".h264", ".mjpeg", ".asf",
    ];

    internal static string ExtensionList { get; } = string.Join(", ", Extensions);

    /// <summary>Whether a file name ends like a video.</summary>
    internal static bool IsVideo(string path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>The videos of a folder and the folders below it, in the order in which <see cref="ImageFolder"/> lists images.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="leftOut">Counts what is no video by its name, and links that are left out.</param>
    /// <returns>Paths relative to the folder, with forward slashes; at least one.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">It has no video.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder below it may not be read.</exception>
    internal static IReadOnlyList<string> List(string folder, LeftOutFiles leftOut) =>
        [.. FolderTree.Files(folder, IsVideo, $"video ({ExtensionList})", leftOut)];
}
