namespace KeypointMl.Data;

/// <summary>How much a YAML text may hold: far more than people write, and little enough for a text from anywhere.</summary>
internal static class YamlLimits
{
    /// <summary>Characters of a text, and bytes of a file.</summary>
    public const int Characters = 4 << 20;

    /// <summary>Lists and mappings inside each other.</summary>
    public const int Depth = 16;

    /// <summary>Keys and values.</summary>
    public const int Items = 250_000;

    /// <summary>Reads a file that is not larger.</summary>
    /// <exception cref="InvalidDataException">It is larger.</exception>
    public static string ReadFile(string path)
    {
        long bytes = new FileInfo(path).Length;
        return bytes <= Characters
            ? File.ReadAllText(path)
            : throw new InvalidDataException($"{path}: the file has {bytes:N0} bytes; a YAML file may have {Characters:N0}. Is it another kind of file?");
    }
}
