#if KEYPOINTML_ONNX
namespace KeypointMl.Onnx.Files;
#else
namespace KeypointMl.Imaging.Files;
#endif

/// <summary>
/// A file that is being written over some time: <see cref="Content"/> goes to a temporary name in the same folder, and
/// <see cref="Complete"/> gives it its final one. Disposed before that, it leaves nothing behind, and an old file as it
/// was. While it lives, the temporary file is locked.
/// </summary>
internal sealed class PendingFile : IDisposable
{
    private readonly string path;
    private readonly string temporary;
    private readonly FileStream content;
    private bool completed;

    /// <summary>Opens the temporary file.</summary>
    /// <param name="path">The final name; its folder must exist.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public PendingFile(string path)
        : this(path, temporary => new TemporaryStream(path, temporary))
    {
    }

    internal PendingFile(string path, Func<string, FileStream> open)
    {
        this.path = path;
        temporary = AtomicFile.TemporaryName(path);
        content = open(temporary);
    }

    /// <summary>What is written so far; whoever writes it leaves it open.</summary>
    public Stream Content => content;

    /// <summary>Flushes the content to the disk and renames it over the final name.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The final name may not be written.</exception>
    public void Complete()
    {
        content.Flush(flushToDisk: true);
        if (OperatingSystem.IsWindows())
            content.Dispose();
        // Elsewhere renamed while it is open and so locked: nobody takes it for a leftover in between.
        TemporaryStream.Rename(temporary, path);
        completed = true;
        content.Dispose();
    }

    /// <summary>Deletes what was not completed.</summary>
    public void Dispose()
    {
        if (completed)
            return;
        try
        {
            content.Dispose();
        }
        catch (IOException)
        {
            // On a full disk the last bytes cannot be flushed; they are thrown away with the rest.
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
