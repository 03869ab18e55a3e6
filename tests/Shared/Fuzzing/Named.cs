namespace KeypointMl.Testing;

/// <summary>Gives the refusals of readers of memory, which know no file, the file's name.</summary>
internal static class Named
{
    /// <summary>Reads, and names the file in an <see cref="InvalidDataException"/>.</summary>
    public static void Read(string path, Action read)
    {
        try
        {
            read();
        }
        catch (InvalidDataException error)
        {
            throw new InvalidDataException($"{path}: {error.Message}", error);
        }
    }
}
