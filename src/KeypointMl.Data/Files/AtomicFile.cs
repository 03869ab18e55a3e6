namespace KeypointMl.Data;

/// <summary>Files that appear under their names complete or not at all.</summary>
public static class AtomicFile
{
    /// <summary>Writes to a temporary name in the same folder, flushes to the disk, and renames over the final name. A failure leaves an old file as it was.</summary>
    /// <param name="path">The final name; its folder must exist.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        using var file = new PendingFile(path);
        write(file.Content);
        file.Complete();
    }

    /// <summary>Writes text as UTF-8 without a byte order mark, as <see cref="Write"/> does.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void WriteAllText(string path, string text) => Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    /// <summary>A name beside <paramref name="path"/>, with the same extension, that no other writer uses.</summary>
    internal static string TemporaryName(string path) =>
        Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, $".{Path.GetFileNameWithoutExtension(path)}.{Guid.NewGuid():N}.tmp{Path.GetExtension(path)}");
}
