#if KEYPOINTML_ONNX
namespace KeypointMl.Onnx.Files;
#else
namespace KeypointMl.Imaging.Files;
#endif

/// <summary>The temporary file of one that is being written; what goes wrong is said of the file that it is to become.</summary>
internal sealed class TemporaryStream : FileStream
{
    private readonly string path;

    /// <param name="path">The final name.</param>
    /// <param name="temporary">The temporary one, which must be free.</param>
    public TemporaryStream(string path, string temporary)
        : base(Opened(path, temporary), FileAccess.ReadWrite) => this.path = path;

    // Every other way of writing comes here, because a class that inherits from FileStream may have overridden this one.
    public override void Write(byte[] buffer, int offset, int count)
    {
        try
        {
            base.Write(buffer, offset, count);
        }
        catch (IOException e)
        {
            throw Failure(path, e);
        }
    }

    public override void Flush(bool flushToDisk)
    {
        try
        {
            base.Flush(flushToDisk);
        }
        catch (IOException e)
        {
            throw Failure(path, e);
        }
    }

    /// <summary>Gives a temporary file its final name.</summary>
    /// <exception cref="FileNotFoundException">The temporary file is not there any more.</exception>
    /// <exception cref="IOException">It cannot be given.</exception>
    /// <exception cref="UnauthorizedAccessException">The final name may not be written.</exception>
    public static void Rename(string temporary, string path)
    {
        try
        {
            File.Move(temporary, path, overwrite: true);
        }
        catch (DirectoryNotFoundException e)
        {
            throw WithoutFolder(path, e);
        }
        catch (FileNotFoundException e)
        {
            throw new FileNotFoundException($"'{path}' cannot be written: what was written so far has been removed meanwhile.", path, e);
        }
        catch (IOException e)
        {
            throw Failure(path, e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new UnauthorizedAccessException(
                $"'{path}' cannot be written: what is there may not be replaced. Take another name, or change who may write there.", e);
        }
    }

    /// <summary>Says that the final name's folder is missing.</summary>
    public static DirectoryNotFoundException WithoutFolder(string path, Exception? inner) =>
        new($"'{path}' cannot be written: its folder is not there; create it first.", inner);

    private static Microsoft.Win32.SafeHandles.SafeFileHandle Opened(string path, string temporary)
    {
        try
        {
            return File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.ReadWrite);
        }
        catch (DirectoryNotFoundException e)
        {
            throw WithoutFolder(path, e);
        }
        catch (IOException e)
        {
            throw Failure(path, e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new UnauthorizedAccessException(
                $"'{path}' cannot be written: its folder may not be written. Take another folder, or change who may write there.", e);
        }
    }

    // The system's words, without the temporary name that nobody asked for.
    private static IOException Failure(string path, IOException e)
    {
        int name = e.Message.IndexOf(" : '", StringComparison.Ordinal);
        return new IOException($"'{path}' cannot be written: {(name < 0 ? e.Message : e.Message[..name])}.", e) { HResult = e.HResult };
    }
}
