namespace KeypointMl.Data;

/// <summary>
/// A file that is being written over some time: <see cref="Content"/> goes to a temporary name in the same folder, and <see cref="Complete"/> gives it its final one.
/// Disposed before that, it leaves nothing behind, and an old file as it was.
/// </summary>
public sealed class PendingFile : IDisposable
{
    private readonly string path;
    private readonly string temporary;
    private readonly FileStream content;
    private bool completed;

    /// <summary>Opens the temporary file.</summary>
    /// <param name="path">The final name; its folder must exist.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public PendingFile(string path)
    {
        this.path = path;
        temporary = AtomicFile.TemporaryName(path);
        content = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite);
    }

    /// <summary>What is written so far; whoever writes it leaves it open.</summary>
    public Stream Content => content;

    /// <summary>Flushes the content to the disk and renames it over the final name.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Complete()
    {
        content.Flush(flushToDisk: true);
        content.Dispose();
        File.Move(temporary, path, overwrite: true);
        completed = true;
    }

    /// <summary>Deletes what was not completed.</summary>
    public void Dispose()
    {
        if (completed)
            return;
        content.Dispose();
        File.Delete(temporary);
    }
}
