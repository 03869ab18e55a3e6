using System.Text.RegularExpressions;

#if KEYPOINTML_ONNX
namespace KeypointMl.Onnx.Files;
#else
namespace KeypointMl.Imaging.Files;
#endif

/// <summary>Files that appear under their names complete or not at all.</summary>
internal static partial class AtomicFile
{
    // ffmpeg writes videos itself and locks nothing: one that has not grown for so long is nobody's.
    private static readonly TimeSpan VideoPatience = TimeSpan.FromHours(1);

    /// <summary>
    /// Writes to a temporary name in the same folder, flushes to the disk, and renames over the final name. A failure
    /// leaves an old file as it was.
    /// </summary>
    /// <param name="path">The final name; its folder must exist. What killed processes left of it is removed.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        RemoveLeftoversOf(path);
        using var file = new PendingFile(path);
        write(file.Content);
        file.Complete();
    }

    /// <summary>Writes text as UTF-8 without a byte order mark, as <see cref="Write"/> does.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public static void WriteAllText(string path, string text) =>
        Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    /// <summary>
    /// Removes the temporary files that killed processes left in a folder, whatever their final names were to be. One
    /// that a living process writes is locked by it, and stays. What cannot be removed stays too.
    /// </summary>
    /// <param name="folder">The folder, not those in it; need not exist.</param>
    public static void RemoveLeftovers(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        Remove(folder, ".*.tmp*");
    }

    /// <summary>As <see cref="RemoveLeftovers"/>, of one final name.</summary>
    public static void RemoveLeftoversOf(string path) =>
        Remove(FolderOf(path), $".{Path.GetFileNameWithoutExtension(path)}.*.tmp{Path.GetExtension(path)}");

    /// <summary>A name beside <paramref name="path"/>, with the same extension, that no other writer uses.</summary>
    public static string TemporaryName(string path) =>
        Path.Combine(FolderOf(path), $".{Path.GetFileNameWithoutExtension(path)}.{Guid.NewGuid():N}.tmp{Path.GetExtension(path)}");

    /// <summary>Whether a file's name is one that this class makes up, or that it made up for ONNX files once.</summary>
    public static bool IsTemporary(string path) => TemporaryPattern().IsMatch(Path.GetFileName(path));

    private static string FolderOf(string path) =>
        Path.GetDirectoryName(Path.GetFullPath(path)) ?? throw new IOException($"'{path}' is no name of a file.");

    private static void Remove(string folder, string pattern)
    {
        if (!Directory.Exists(folder))
            return;
        try
        {
            var hiddenToo = new EnumerationOptions { AttributesToSkip = FileAttributes.None };
            foreach (string file in Directory.EnumerateFiles(folder, pattern, hiddenToo).Where(IsTemporary))
                RemoveUnlessWritten(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A folder that cannot be read is complained about by whoever writes there.
        }
    }

    private static void RemoveUnlessWritten(string file)
    {
        bool isVideo = Path.GetExtension(file).Equals(".mp4", StringComparison.OrdinalIgnoreCase);
        if (isVideo && DateTime.UtcNow - File.GetLastWriteTimeUtc(file) < VideoPatience)
            return;
        try
        {
            using var alone = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody writes it, or has just finished it.
        }
    }

    [GeneratedRegex(@"^\..+\.[0-9a-f]{32}\.tmp(\.[^.]+)?$")]
    private static partial Regex TemporaryPattern();
}
