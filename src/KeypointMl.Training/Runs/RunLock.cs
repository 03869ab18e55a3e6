namespace KeypointMl.Training.Runs;

/// <summary>Keeps a second process from writing a run while one does.</summary>
internal static class RunLock
{
    /// <summary>The file in the run's folder that is held, and gone when it is let go.</summary>
    public const string FileName = ".lock";

    /// <summary>Takes the lock; disposing what it gives lets it go.</summary>
    /// <exception cref="RunInUseException">Another process holds it.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public static FileStream Take(string path)
    {
        try
        {
            return new FileStream(Path.Combine(path, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1,
                FileOptions.DeleteOnClose);
        }
        catch (IOException exception) when (IsHeld(exception))
        {
            throw new RunInUseException(path, exception);
        }
        catch (IOException exception)
        {
            throw new IOException(
                $"The run in '{path}' cannot be written: {exception.Message} Training writes there: make it writable, or copy the run "
                + "to where it is.", exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new UnauthorizedAccessException(
                $"The run in '{path}' may not be written by this user, and training writes there: change who may write, or copy the run.",
                exception);
        }
    }

    // What the system says where another process holds the file: a sharing or lock violation on Windows, EWOULDBLOCK elsewhere.
    private static bool IsHeld(IOException exception) => OperatingSystem.IsWindows()
        ? (exception.HResult & 0xFFFF) is 32 or 33
        : exception.HResult == (OperatingSystem.IsLinux() ? 11 : 35);
}
