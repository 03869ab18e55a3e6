namespace KeypointMl.Onnx;

/// <summary>Writes a file so that its final name only ever holds a whole file.</summary>
internal static class AtomicFile
{
    /// <summary>
    /// Writes under a temporary name beside the target, flushes to the disk, and renames. On failure the temporary file
    /// is removed and an older target is left as it was.
    /// </summary>
    public static void Write(string path, Action<Stream> write)
    {
        string target = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(target)
            ?? throw new ArgumentException($"'{path}' names a folder root, not a file.", nameof(path));
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"The folder '{folder}' of '{path}' does not exist; create it first.");
        RemoveLeftovers(folder, Path.GetFileName(target));
        string temporary = Path.Combine(folder, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}.tmp");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    // What a process that was killed left behind: one that is alive keeps others out of its file.
    private static void RemoveLeftovers(string folder, string name)
    {
        var hiddenToo = new EnumerationOptions { AttributesToSkip = FileAttributes.None };
        foreach (string file in Directory.GetFiles(folder, $".{name}.{new string('?', 32)}.tmp", hiddenToo))
        {
            try
            {
                using var alone = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Somebody writes it, or has just finished it.
            }
        }
    }
}
